import Domain
import EventLog
import Foundation
import Postgres

/// What a presented key opens, as the directory has it.
struct PresentedKeyQuestion: Question {
  let hash: String

  struct Shown: Sendable {
    let grant: KeyGrant
    let shard: Int
    /// Whether the directory has come to all that happened to the key's project and account.
    let isCurrent: Bool
  }

  static let file = QueryFile("directory", "key_by_hash")
  static let sample = PresentedKeyQuestion(hash: "")
  var parameters: [any PostgresEncodable] { [hash] }

  static func answer(_ row: AnswerRow) throws -> Shown {
    Shown(
      grant: try KeyGrant(row), shard: Int(try row.value("shard", as: Int32.self)),
      isCurrent: try row.value("is_current"))
  }
}

extension KeyGrant {
  fileprivate init(_ row: AnswerRow) throws {
    self.init(
      source: TelemetrySource(
        accountID: try row.value("account_id"), projectID: try row.value("project_id"), keyID: try row.value("key_id"),
        mode: try row.word("mode")),
      // What a newer program lets a key do, this one does not know how to.
      scopes: Set(try row.value("scopes", as: [String].self).compactMap(KeyScope.init(rawValue:))),
      // A key whose account the directory doesn't have yet gets the least.
      tier: try row.value("tier", as: String?.self).flatMap(Tier.init(rawValue:)) ?? .free,
      granted: AccountGrant(
        tier: try row.value("granted_tier", as: String?.self).flatMap(Tier.init(rawValue:)),
        requestsPerSecond: try row.value("granted_requests_per_second", as: Int64?.self).map(Int.init),
        bytesPerSecond: try row.value("granted_bytes_per_second", as: Int64?.self).map(Int.init),
        until: try row.value("granted_until", as: Instant?.self)),
      isRevoked: try row.value("revoked_at", as: Instant?.self) != nil,
      isProjectArchived: try row.value("archived_at", as: Instant?.self) != nil,
      isAccountClosed: try row.value("closed_at", as: Instant?.self) != nil,
      expiresAt: try row.value("expires_at", as: Instant?.self),
      retiresAt: try row.value("retires_at", as: Instant?.self))
  }
}

/// Whether a person may be a member of an account.
struct MayBeMemberQuestion: Question {
  let shard: Int
  let account: UUID
  let user: UUID

  static let file = QueryFile("directory", "may_be_member")
  static let sample = MayBeMemberQuestion(shard: 0, account: .sample, user: .sample)
  var parameters: [any PostgresEncodable] { [Int32(shard), account, user] }

  static func answer(_ row: AnswerRow) throws -> Bool { try row.value("may_be") }
}

/// Where a project is that a person may see.
struct ProjectOfMemberQuestion: Question {
  let project: UUID
  let user: UUID

  static let file = QueryFile("directory", "project_of_member")
  static let sample = ProjectOfMemberQuestion(project: .sample, user: .sample)
  var parameters: [any PostgresEncodable] { [project, user] }

  /// Its account; nil where the directory has not come to the project.
  static func answer(_ row: AnswerRow) throws -> UUID? { try row.value("account_id") }
}

/// Whether an account has a project.
struct ProjectOfAccountQuestion: Question {
  let shard: Int
  let account: UUID
  let project: UUID

  static let file = QueryFile("directory", "project_of_account")
  static let sample = ProjectOfAccountQuestion(shard: 0, account: .sample, project: .sample)
  var parameters: [any PostgresEncodable] { [Int32(shard), account, project] }

  static func answer(_ row: AnswerRow) throws -> UUID { try row.value("project_id") }
}
