import Domain
package import EventLog
import Foundation
package import Postgres

/// Writes mails at the moment they are sent: what they need is read from the log, addresses are unsealed, tokens computed. Nothing of
/// it rests anywhere in between, and an erased person gets no mail.
package struct MailComposer: Sendable {
  private let pool: Pool
  private let shards: ShardMap
  private let vault: Vault
  private let names: NoticeNames
  private let from: Mailbox
  private let base: String
  private let secrets: Secrets
  private let wording: MailWording

  /// Over connections of the serving role.
  ///
  /// - Parameter base: what links begin with, without a slash at its end.
  package init(
    pool: Pool, shards: ShardMap, vault: Vault, secrets: Secrets, from: Mailbox, base: String
  ) throws {
    self.pool = pool
    self.shards = shards
    self.vault = vault
    names = NoticeNames(pool: pool, shards: shards, vault: vault)
    self.from = from
    self.base = base
    self.secrets = secrets
    wording = try MailWording()
  }

  /// The mail; nil when nobody is to get it any more. Throws ``MailFailure`` for one that can't be written for good, and what
  /// database and vault throw.
  func compose(_ queued: QueuedMail) async throws -> Mail? {
    if queued.notice.name == Notice.more.name { return try await composeMore(queued) }
    guard let event = try await LoggedEvent.at(queued.position, of: queued.shard, on: pool) else {
      throw MailFailure(isPermanent: true, reason: "the log does not hold its event any more")
    }
    guard let telling = try queued.notice.telling(of: event) else {
      throw MailFailure(isPermanent: true, reason: "its event is none that \(queued.notice.name) tells of")
    }
    guard try await isWanted(queued, event), let address = try await address(telling, of: queued.recipient) else {
      return nil
    }
    let action = try await action(queued.notice, telling)
    let token = try await unsubscribeToken(queued)
    let words = try wording.words(
      queued.notice, try await names.named(telling.facts), base: base, action: action,
      unsubscribe: token.map { "\(base)/unsubscribe?token=\($0)" })
    return Mail(
      id: queued.id, date: event.recordedAt, from: from, to: try Self.mailbox(address), subject: words.subject,
      text: words.text, html: words.html, link: action?.link,
      unsubscribe: token.map { "\(base)/api/v1/notices/unsubscribe?token=\($0)" })
  }

  /// Of what was held back within an hour.
  private func composeMore(_ queued: QueuedMail) async throws -> Mail? {
    guard let account = queued.accountID, let hour = queued.hour,
      let sealed = try await names.sealedAddress(of: queued.recipient, before: nil),
      let address = try await vault.open(sealed, of: queued.recipient)
    else { return nil }
    let facts: [String: FactValue] = [
      "account": .account(account), "account_id": .text(account.text),
      "count": .number(try await MailQueue(pool: pool).held(queued)),
    ]
    let words = try wording.words(queued.notice, try await names.named(facts), base: base, action: nil)
    return Mail(
      id: queued.id, date: hour + .hours(1), from: from, to: try Self.mailbox(address), subject: words.subject,
      text: words.text, html: words.html)
  }

  private static func mailbox(_ address: String) throws(MailFailure) -> Mailbox {
    do { return try Mailbox(address) } catch { throw MailFailure(isPermanent: true, reason: "\(error)") }
  }

  private func isWanted(_ queued: QueuedMail, _ event: LoggedEvent) async throws -> Bool {
    if let topic = queued.notice.topic, try await declined(by: queued.recipient).contains(topic.rawValue) {
      return false
    }
    guard case .whileTheInvitationIsOpen = queued.notice.standing, let stream = event.stream else { return true }
    return try await pool.query(
      "SELECT operations.invitation_is_open(\(Int32(event.shard)), \(stream), \(queued.recipient)) AS is_open"
    ).first?.decode("is_open") ?? false
  }

  private func declined(by person: UUID) async throws -> [String] {
    let stream = StreamID.user(person, shard: shards.shard(of: person))
    return try await pool.query(
      "SELECT coalesce(operations.declined_notices(\(Int32(stream.shard)), \(stream.name)), '{}') AS declined"
    ).first?.decode("declined") ?? []
  }

  /// Nil for somebody who was erased.
  private func address(_ telling: Telling, of recipient: UUID) async throws -> String? {
    let sealed =
      switch telling.address {
      case .current: try await names.sealedAddress(of: recipient, before: nil)
      case .before(let position): try await names.sealedAddress(of: recipient, before: position)
      case .sealed(let sealed): sealed
      }
    guard let sealed else { return nil }
    return try await vault.open(sealed, of: recipient)
  }

  /// Nil for what nobody can turn off.
  private func unsubscribeToken(_ queued: QueuedMail) async throws -> String? {
    guard let topic = queued.notice.topic else { return nil }
    return UnsubscribeToken(of: queued.recipient, about: topic, key: try await secrets.key(.mailTokenKey)).text
  }

  private func action(_ notice: Notice, _ telling: Telling) async throws -> MailAction? {
    guard let place = notice.link, let parts = telling.token else { return nil }
    let token = MailToken(
      id: parts.id, purpose: place.purpose, owner: parts.owner, key: try await secrets.key(.mailTokenKey))
    return MailAction(place, token: token.text, base: base)
  }
}
