import Domain
package import EventLog
import Foundation
package import Logging
package import Postgres

/// Notes which events an account's channel is to be told of.
package struct SlackReactor: Reactor {
  private let log: Log
  private let clock: any WallClock
  private let logger: Logger

  /// Over an open log.
  package init(log: Log, clock: any WallClock = SystemClock(), logger: Logger) {
    self.log = log
    self.clock = clock
    self.logger = logger
  }

  /// As `operations.reactors` has it.
  package let name = "slack"

  /// Those of the notices that channels are told.
  package let types = Set(Notice.all(by: .slack).map(\.type)).sorted()

  /// Queues a message where the account has a channel that is told of such things.
  package nonisolated(nonsending) func react(to event: LoggedEvent, on connection: Connection) async throws {
    guard let account = event.accountID else { return }
    for notice in Notice.all(by: .slack) where notice.type == event.type {
      do { guard try notice.telling(of: event) != nil else { continue } } catch {
        // Stopping here would keep everybody's messages back.
        logger.error(
          "no message: an event can't be read",
          metadata: [
            "notice": "\(notice.name)", "shard": "\(event.shard)", "position": "\(event.position)", "error": "\(error)",
          ])
        continue
      }
      let state = try await log.load(SlackChannel.self, from: .slack(of: account, shard: event.shard)).state
      guard state.takes(notice.topic) else { continue }
      try await SlackQueue.add(notice, about: event, of: account, at: clock.now, on: connection)
    }
  }
}

extension SlackChannel {
  /// Whether it is told of a topic.
  func takes(_ topic: NoticeTopic?) -> Bool {
    guard let channel, brokenStatus == nil, let topic else { return false }
    return channel.topics.contains(topic)
  }
}
