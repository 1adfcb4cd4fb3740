import Domain
package import EventLog
import Foundation
package import Logging
package import Postgres

/// Notes which events somebody is to be told of by mail, and who.
package struct MailReactor: Reactor {
  private let log: Log
  private let from: Mailbox
  private let clock: any WallClock
  private let logger: Logger

  /// Over an open log. Message-IDs are made in the sender's domain.
  package init(log: Log, from: Mailbox, clock: any WallClock = SystemClock(), logger: Logger) {
    self.log = log
    self.from = from
    self.clock = clock
    self.logger = logger
  }

  /// As `operations.reactors` has it.
  package let name = "mail"

  /// Those of all notices.
  package let types = Set(Notice.all(by: .mail).map(\.type)).sorted()

  /// Queues a mail for each person who is to get one.
  package nonisolated(nonsending) func react(to event: LoggedEvent, on connection: Connection) async throws {
    for notice in Notice.all(by: .mail) {
      let telling: Telling?
      do { telling = try notice.telling(of: event) } catch {
        // Stopping here would keep everybody's mails back.
        logger.error(
          "no mail: an event can't be read",
          metadata: [
            "notice": "\(notice.name)", "shard": "\(event.shard)", "position": "\(event.position)", "error": "\(error)",
          ])
        continue
      }
      guard let telling else { continue }
      try await queue(notice, telling, about: event, on: connection)
    }
  }

  private nonisolated(nonsending) func queue(
    _ notice: Notice, _ telling: Telling, about event: LoggedEvent, on connection: Connection
  ) async throws {
    let now = clock.now
    for subject in try await subjects(of: telling, about: event) {
      let id = MessageID(
        kind: notice.name, occasion: Self.occasion(notice, event), recipient: subject, sender: from)
      try await MailQueue.add(
        id, notice, about: event, to: subject, expiry: telling.expiry, at: now, from: from, on: connection)
    }
  }

  /// The vault's subjects whose addresses get the mail.
  private func subjects(of telling: Telling, about event: LoggedEvent) async throws -> [UUID] {
    switch telling.recipients {
    case .subject(let id): return [id]
    case .members(let members):
      let state = try await log.load(Account.self, from: .account(members.account, shard: event.shard)).state
      return members.people(of: state, at: event.recordedAt)
    case nil: return []
    }
  }

  private static func occasion(_ notice: Notice, _ event: LoggedEvent) -> String {
    switch notice.occasion {
    case .event: "\(event.shard)/\(event.position)"
    case .hour: "hour \(event.recordedAt.milliseconds / 3_600_000)"
    }
  }
}
