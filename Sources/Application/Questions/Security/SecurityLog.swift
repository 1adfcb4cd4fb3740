package import Domain
import EventLog
package import Foundation
import Postgres

/// An entry of the security audit log.
package struct SecurityEntry: Sendable, Equatable {
  /// When it was recorded.
  package let time: Instant
  /// The shard of the account, or of the person.
  package let shard: Int32
  /// Where it stands in that shard's log.
  package let position: Int64
  /// The event type: one of ``SecurityEntry/kinds``.
  package let kind: String
  /// Whom it concerns; nil for what concerns an account as a whole.
  package let userID: UUID?
  /// Who did it; nil for the operator and the schedule.
  package let actorID: UUID?
  /// From where; nil where that was not recorded, or can't be told any more.
  package let client: Client?
  /// What else may be shown of the event: the text of a JSON object.
  package let details: String

  /// After which the next page begins.
  package var place: SecurityPlace { SecurityPlace(time: time, shard: shard, position: position) }

  /// The event types that the log holds.
  package static let kinds = EventKind.all.filter(\.isSecurityRelevant).map(\.type)
}

/// A place in the security audit log.
package struct SecurityPlace: Sendable, Equatable {
  /// The entry's time, to the microsecond.
  package let time: Instant
  /// The entry's shard.
  package let shard: Int32
  /// The entry's position.
  package let position: Int64

  /// A place.
  package init(time: Instant, shard: Int32, position: Int64) {
    self.time = time
    self.shard = shard
    self.position = position
  }
}

extension Questions {
  /// A page of the security audit log of an account, newest first: what was done to it, and what its members did as themselves
  /// while they were members. Of one kind, or of all.
  package func securityLog(
    ofAccount id: UUID, kind: String? = nil, after place: SecurityPlace? = nil, limit: Int
  ) async throws -> Answered<Page<SecurityEntry, SecurityPlace>> {
    let page = SecurityPage(shard: shard(of: id), subject: id, kind: kind, place: place, rows: limit + 1)
    return try await opened(answer(SecurityOfAccountQuestion(page: page), shard: page.shard), limit: limit)
  }

  /// The same of what a person did as themselves, and what was tried in their name.
  package func securityLog(
    ofUser id: UUID, kind: String? = nil, after place: SecurityPlace? = nil, limit: Int
  ) async throws -> Answered<Page<SecurityEntry, SecurityPlace>> {
    let page = SecurityPage(shard: shard(of: id), subject: id, kind: kind, place: place, rows: limit + 1)
    return try await opened(answer(SecurityOfUserQuestion(page: page), shard: page.shard), limit: limit)
  }

  private func opened(
    _ listed: Answered<[SealedSecurityEntry]>, limit: Int
  ) async throws -> Answered<Page<SecurityEntry, SecurityPlace>> {
    let entries = listed.value.prefix(limit)
    let clients = try await log.vault.open(entries.map(\.sealed))
    let opened = zip(entries, clients).map { $0.opened(client: $1.flatMap(Client.init(text:))) }
    let next = listed.value.count > limit ? opened.last?.place : nil
    return Answered(Page(entries: opened, next: next), listed.asOf)
  }
}

/// What both questions are asked with.
struct SecurityPage: Sendable {
  let shard: Int
  let subject: UUID
  let kind: String?
  let place: SecurityPlace?
  let rows: Int

  static let sample = SecurityPage(shard: 0, subject: .sample, kind: nil, place: nil, rows: 1)
  var parameters: [any PostgresEncodable] {
    [Int32(shard), subject, kind, place?.time.microseconds, place?.shard, place?.position, Int32(rows)]
  }
}

struct SecurityOfAccountQuestion: Question {
  let page: SecurityPage

  static let file = QueryFile("security", "account")
  static let sample = SecurityOfAccountQuestion(page: .sample)
  var parameters: [any PostgresEncodable] { page.parameters }
  static func answer(_ row: AnswerRow) throws -> SealedSecurityEntry { try SealedSecurityEntry(row) }
}

struct SecurityOfUserQuestion: Question {
  let page: SecurityPage

  static let file = QueryFile("security", "user")
  static let sample = SecurityOfUserQuestion(page: .sample)
  var parameters: [any PostgresEncodable] { page.parameters }
  static func answer(_ row: AnswerRow) throws -> SealedSecurityEntry { try SealedSecurityEntry(row) }
}

struct SealedSecurityEntry: Sendable {
  private let entry: SecurityEntry
  private let client: String?

  init(_ row: AnswerRow) throws {
    entry = SecurityEntry(
      time: try row.value("at"), shard: try row.value("shard"), position: try row.value("position"),
      kind: try row.value("kind"), userID: try row.value("user_id"), actorID: try row.value("actor_id"), client: nil,
      details: try row.value("details"))
    client = try row.value("client_sealed")
  }

  /// Sealed for whoever acted; a failed log-in has nobody who acted, and is the concern of whom it was tried for.
  var sealed: Vault.Sealed? {
    guard let client, let subject = entry.actorID ?? entry.userID else { return nil }
    return Vault.Sealed(client, of: subject)
  }

  func opened(client: Client?) -> SecurityEntry {
    SecurityEntry(
      time: entry.time, shard: entry.shard, position: entry.position, kind: entry.kind, userID: entry.userID,
      actorID: entry.actorID, client: client, details: entry.details)
  }
}
