package import Domain
import EventLog
package import Foundation
import Postgres

/// Where a person is logged in.
package struct ListedSession: Sendable, Equatable {
  /// By which it is ended.
  package let id: UUID
  /// From where they logged in; nil where that can't be told any more.
  package let client: Client?
  /// When they logged in.
  package let startedAt: Instant
  /// When its refresh token was last used.
  package let lastUsedAt: Instant
  /// When it ends by itself.
  package let expiresAt: Instant
}

extension Questions {
  /// Where a person is logged in at a time, the last used first.
  package func sessions(of user: UUID, at now: Instant) async throws -> Answered<[ListedSession]> {
    let shard = self.shard(of: user)
    let listed = try await answer(
      SessionsOfUserQuestion(shard: shard, user: user, now: now), shard: shard)
    let clients = try await log.vault.open(listed.value.map { $0.client.map { Vault.Sealed($0, of: user) } })
    let sessions = zip(listed.value, clients).map { sealed, client in
      ListedSession(
        id: sealed.id, client: client.flatMap(Client.init(text:)), startedAt: sealed.startedAt,
        lastUsedAt: sealed.lastUsedAt, expiresAt: sealed.expiresAt)
    }
    return Answered(sessions, listed.asOf)
  }

  /// Whom to erase at a time, the longest due first; not all at once.
  func deletionsDue(at now: Instant) async throws -> [UUID] {
    try await ask(DeletionsDueQuestion(now: now))
  }
}

struct SessionsOfUserQuestion: Question {
  let shard: Int
  let user: UUID
  let now: Instant

  struct Sealed: Sendable {
    let id: UUID
    let client: String?
    let startedAt, lastUsedAt, expiresAt: Instant
  }

  static let file = QueryFile("people", "sessions_of_user")
  static let sample = SessionsOfUserQuestion(shard: 0, user: .sample, now: .sample)
  var parameters: [any PostgresEncodable] { [Int32(shard), user, now] }

  static func answer(_ row: AnswerRow) throws -> Sealed {
    Sealed(
      id: try row.value("session_id"), client: try row.value("client_sealed"), startedAt: try row.value("started_at"),
      lastUsedAt: try row.value("last_used_at"), expiresAt: try row.value("expires_at"))
  }
}

struct DeletionsDueQuestion: Question {
  let now: Instant

  static let file = QueryFile("people", "deletions_due")
  static let sample = DeletionsDueQuestion(now: .sample)
  var parameters: [any PostgresEncodable] { [now] }

  static func answer(_ row: AnswerRow) throws -> UUID { try row.value("user_id") }
}
