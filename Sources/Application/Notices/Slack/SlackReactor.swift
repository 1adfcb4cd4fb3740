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
      let stream = StreamID.slack(of: account, shard: event.shard)
      let state = try await log.load(SlackChannel.self, from: stream).state
      guard state.takes(notice.topic), let channel = state.channel,
        try await beginning(of: channel, in: stream) ?? .max < event.position
      else { continue }
      try await SlackQueue.add(notice, about: event, of: account, at: clock.now, on: connection)
    }
  }

  /// Where the log has the channel from: it is told of nothing that was there before it, however far behind this is.
  private func beginning(of channel: SlackChannelSet, in stream: StreamID) async throws -> Int64? {
    try await log.stream(stream).first { stored in
      guard case .channelSet(let set) = try stored.event(SlackChannel.Event.self) else { return false }
      return set.channelID == channel.channelID
    }?.position
  }
}

extension SlackChannel {
  /// Whether it is told of a topic.
  func takes(_ topic: NoticeTopic?) -> Bool {
    guard let channel, brokenStatus == nil, let topic else { return false }
    return channel.topics.contains(topic)
  }
}
