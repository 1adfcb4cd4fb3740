import Domain
public import EventLog
import Foundation
public import Logging
public import Postgres

/// Notes which events somebody is to be told of by mail, and who.
public struct MailReactor: Reactor {
  private let log: Log
  private let from: Mailbox
  private let clock: any WallClock
  private let logger: Logger

  /// Over an open log. Message-IDs are made in the sender's domain.
  public init(log: Log, from: Mailbox, clock: any WallClock = SystemClock(), logger: Logger) {
    self.log = log
    self.from = from
    self.clock = clock
    self.logger = logger
  }

  /// As `operations.reactors` has it.
  public let name = "mail"

  /// What people are told of.
  public let types = [
    "token_issued", "sign_up_repeated", "email_changed", "password_set", "member_invited", "deletion_requested",
    "session_ended", "quota_threshold_reached", "quota_exceeded",
  ]

  /// Queues a mail for each person who is to get one.
  public nonisolated(nonsending) func react(to event: LoggedEvent, on connection: Connection) async throws {
    let facts: MailFacts
    do { facts = try MailFacts(of: event) } catch {
      // Stopping here would keep everybody's mails back.
      logger.error(
        "no mail: an event can't be read",
        metadata: ["shard": "\(event.shard)", "position": "\(event.position)", "error": "\(error)"])
      return
    }
    guard let kind = Self.kind(of: event, facts) else { return }
    let now = Date(timeIntervalSince1970: Double(clock.milliseconds) / 1000)
    for recipient in try await recipients(of: kind, event, facts) {
      let id = MessageID(kind: kind.rawValue, occasion: Self.occasion(kind, event), recipient: recipient, sender: from)
      let expiry = facts.expiresAt.map { Date(timeIntervalSince1970: Double($0) / 1000) }
      try await MailQueue.add(id, kind, about: event, to: recipient, expiry: expiry, at: now, on: connection)
    }
  }

  private static func kind(of event: LoggedEvent, _ facts: MailFacts) -> MailKind? {
    switch (event.type, facts.purpose ?? facts.cause ?? "") {
    case ("token_issued", "verify_email"): .verifyEmail
    case ("token_issued", "reset_password"): .resetPassword
    case ("token_issued", "change_email"): .changeEmail
    case ("sign_up_repeated", _): .alreadyRegistered
    case ("email_changed", _): .emailChanged
    case ("password_set", "change"), ("password_set", "reset"): .passwordChanged
    case ("member_invited", _): .invitation
    case ("deletion_requested", _): .deletionRequested
    case ("session_ended", "reuse_detected"): .sessionStolen
    case ("quota_threshold_reached", _): .quotaThreshold
    case ("quota_exceeded", _): .quotaExceeded
    default: nil
    }
  }

  /// The vault's subjects whose addresses get the mail.
  private func recipients(of kind: MailKind, _ event: LoggedEvent, _ facts: MailFacts) async throws -> [UUID] {
    switch kind {
    case .invitation: return [facts.invitationID].compactMap(\.self)
    case .quotaThreshold, .quotaExceeded:
      guard let id = event.accountID else { return [] }
      let account = try await log.load(Account.self, from: .account(id, shard: event.shard)).state
      return account.members.filter { $0.value == .owner }.keys.sorted { $0.uuidString < $1.uuidString }
    default: return [facts.userID].compactMap(\.self)
    }
  }

  /// What makes it another mail. Somebody who types an address that has an account into the sign-up form again and again fills
  /// nobody's mailbox: once an hour is enough.
  private static func occasion(_ kind: MailKind, _ event: LoggedEvent) -> String {
    guard kind == .alreadyRegistered else { return "\(event.shard)/\(event.position)" }
    return "hour \(event.recordedAt.milliseconds / 3_600_000)"
  }
}
