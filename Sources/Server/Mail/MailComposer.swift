public import EventLog
import Foundation
public import Postgres

/// Writes mails at the moment they are sent: what they need is read from the log, addresses are unsealed, tokens computed. Nothing of
/// it rests anywhere in between, and an erased person gets no mail.
public struct MailComposer: Sendable {
  private let pool: Pool
  private let shards: ShardMap
  private let vault: Vault
  private let from: Mailbox
  private let base: String
  private let secrets: Secrets
  private let wording: MailWording

  /// Over connections of the serving role.
  ///
  /// - Parameter base: what links begin with, without a slash at its end.
  public init(
    pool: Pool, shards: ShardMap, vault: Vault, secrets: Secrets, from: Mailbox, base: String
  ) throws {
    self.pool = pool
    self.shards = shards
    self.vault = vault
    self.from = from
    self.base = base
    self.secrets = secrets
    wording = try MailWording()
  }

  /// The mail; nil when nobody is to get it any more. Throws ``MailFailure`` for one that can't be written for good, and what
  /// database and vault throw.
  func compose(_ queued: QueuedMail) async throws -> Mail? {
    let row = try await pool.query(
      """
      SELECT position, recorded_at, type, stream, account_id, month, data
      FROM operations.event_at(\(Int32(queued.shard)), \(queued.position))
      """
    ).first
    guard let row else { throw MailFailure(isPermanent: true, reason: "the log does not hold its event any more") }
    let event = try LoggedEvent(row: row, shard: queued.shard)
    let facts = try MailFacts(of: event)
    guard try await isWanted(queued, event), let address = try await address(for: queued, facts) else { return nil }
    let action = try await action(queued.kind, facts)
    let words = try wording.words(queued.kind, Self.values(event, facts, base: base), action: action)
    return Mail(
      id: queued.id, date: event.recordedAt, from: from, to: try Self.mailbox(address), subject: words.subject,
      text: words.text, html: words.html, link: action?.link)
  }

  private static func mailbox(_ address: String) throws(MailFailure) -> Mailbox {
    do { return try Mailbox(address) } catch { throw MailFailure(isPermanent: true, reason: "\(error)") }
  }

  private func isWanted(_ queued: QueuedMail, _ event: LoggedEvent) async throws -> Bool {
    guard queued.kind == .invitation, let stream = event.stream else { return true }
    return try await pool.query(
      "SELECT operations.invitation_is_open(\(Int32(event.shard)), \(stream), \(queued.recipient)) AS is_open"
    ).first?.decode("is_open") ?? false
  }

  /// Nil for somebody who was erased.
  private func address(for queued: QueuedMail, _ facts: MailFacts) async throws -> String? {
    let sealed: String?
    switch queued.kind {
    // The address that is to be proven.
    case .invitation, .changeEmail: sealed = facts.emailSealed
    // Whoever took the account over has the new one.
    case .emailChanged: sealed = try await sealedAddress(of: queued.recipient, before: queued.position)
    default: sealed = try await sealedAddress(of: queued.recipient, before: nil)
    }
    guard let sealed else { return nil }
    return try await vault.open(sealed, of: queued.recipient)
  }

  private func sealedAddress(of person: UUID, before position: Int64?) async throws -> String? {
    let stream = Stream.user(person, shard: shards.shard(of: person))
    let query = Query(
      "SELECT email_sealed FROM operations.address_of($1, $2, $3)", [Int32(stream.shard), stream.name, position])
    return try await pool.query(query).first.flatMap { try $0.decode("email_sealed", as: String?.self) }
  }

  /// The log has a token's id alone; the token is computed from it, the same each time.
  private func action(_ kind: MailKind, _ facts: MailFacts) async throws -> MailAction? {
    let parts = kind == .invitation ? (facts.invitationID, facts.accountID) : (facts.tokenID, facts.userID)
    guard let purpose = kind.tokenPurpose, let id = parts.0, let owner = parts.1 else { return nil }
    let token = MailToken(id: id, purpose: purpose, owner: owner, key: try await secrets.key(.mailTokenKey))
    return MailAction(kind, token: token.text, base: base)
  }

  private static func values(_ event: LoggedEvent, _ facts: MailFacts, base: String) -> [String: String] {
    func time(_ milliseconds: Int64) -> String {
      MailDate(Date(timeIntervalSince1970: Double(milliseconds) / 1000)).short
    }
    var values = ["at": MailDate(event.recordedAt).short, "base": base]
    values["expires"] = facts.expiresAt.map(time)
    values["due"] = facts.dueAt.map(time)
    values["role"] = facts.role?.replacing("_", with: "-")
    values["account"] = event.accountID?.uuidString.lowercased()
    values["month"] = event.month
    values["used"] = facts.used.map(String.init)
    values["limit"] = facts.limit.map(String.init)
    return values
  }
}
