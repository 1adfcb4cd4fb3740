import Domain
import EventLog
import Foundation
import Postgres

/// What a key opens, as the directory read model has it, or its project and account themselves.
struct KeyGrant: Sendable {
  let source: TelemetrySource
  let scopes: Set<KeyScope>
  private let tier: Tier
  private let granted: AccountGrant
  private let isRevoked: Bool
  private let isProjectArchived: Bool
  private let isAccountClosed: Bool
  /// When it stops working by itself, in milliseconds since 1970.
  private let expiresAt: Int64?
  /// When it stops working because another took its place.
  private let retiresAt: Int64?

  init(row: Row) throws {
    source = TelemetrySource(
      accountID: try row.decode("account_id"), projectID: try row.decode("project_id"), keyID: try row.decode("key_id"),
      mode: KeyMode(rawValue: try row.decode("mode")) ?? .test)
    scopes = Set(try row.decode("scopes", as: [String].self).compactMap(KeyScope.init(rawValue:)))
    // A key whose account the directory doesn't have yet gets the least.
    tier = try row.decode("tier", as: String?.self).flatMap(Tier.init(rawValue:)) ?? .free
    granted = AccountGrant(
      requestsPerSecond: try row.decode("granted_requests_per_second"),
      bytesPerSecond: try row.decode("granted_bytes_per_second"),
      until: try row.decode("granted_until", as: Date?.self)?.milliseconds)
    isRevoked = try row.decode("revoked_at", as: Date?.self) != nil
    isProjectArchived = try row.decode("archived_at", as: Date?.self) != nil
    isAccountClosed = try row.decode("closed_at", as: Date?.self) != nil
    expiresAt = try row.decode("expires_at", as: Date?.self)?.milliseconds
    retiresAt = try row.decode("retires_at", as: Date?.self)?.milliseconds
  }

  /// Nil where the project has no such key.
  init?(_ source: TelemetrySource, project: Project, account: Account) {
    guard let key = project.keys[source.keyID] else { return nil }
    self.source = source
    scopes = Set(key.scopes)
    tier = account.tier
    granted = account.grant
    isRevoked = key.isRevoked
    isProjectArchived = project.isArchived
    isAccountClosed = account.isClosed
    expiresAt = key.expiresAt
    retiresAt = key.retiresAt
  }

  /// How fast it may call at a time: by the tier, or by what the operator granted.
  func callRate(at now: Int64) -> CallRate { granted.callRate(of: tier, at: now) }

  /// Why it opens nothing at a time, or not what this scope stands for; nil when it does. By the clock at each use: a key that
  /// is remembered expires to the millisecond all the same.
  func refusal(scope: KeyScope, at now: Int64) -> Problem? {
    if isRevoked {
      return Problem(.revokedKey, "this key has been revoked: issue a new one for the project and use that")
    }
    if let expiresAt, expiresAt <= now {
      return Problem(
        .expiredKey, "this key expired at \(Timestamp.text(milliseconds: expiresAt)): issue a new one and use that")
    }
    if let retiresAt, retiresAt <= now {
      return Problem(
        .expiredKey,
        "this key was rotated, and its grace ended at \(Timestamp.text(milliseconds: retiresAt)): use the key that replaced it"
      )
    }
    if isProjectArchived { return Problem(Project.Failure.archived) }
    if isAccountClosed { return Problem(Account.Failure.closed) }
    guard scopes.contains(scope) else {
      return Problem(.missingScope, "this key was issued without the scope `\(scope.rawValue)`: use one that has it")
    }
    return nil
  }
}
