package import Domain
package import EventLog
import Foundation

/// What a key opens, as the directory read model has it, or its project and account themselves.
package struct KeyGrant: Sendable {
  package let source: TelemetrySource
  package let scopes: Set<KeyScope>
  private let tier: Tier
  private let granted: AccountGrant
  private let isRevoked: Bool
  private let isProjectArchived: Bool
  private let isAccountClosed: Bool
  /// When it stops working by itself.
  private let expiresAt: Instant?
  /// When it stops working because another took its place.
  private let retiresAt: Instant?

  init(
    source: TelemetrySource, scopes: Set<KeyScope>, tier: Tier, granted: AccountGrant, isRevoked: Bool,
    isProjectArchived: Bool, isAccountClosed: Bool, expiresAt: Instant?, retiresAt: Instant?
  ) {
    self.source = source
    self.scopes = scopes
    self.tier = tier
    self.granted = granted
    self.isRevoked = isRevoked
    self.isProjectArchived = isProjectArchived
    self.isAccountClosed = isAccountClosed
    self.expiresAt = expiresAt
    self.retiresAt = retiresAt
  }

  /// Nil where the project has no such key.
  package init?(_ source: TelemetrySource, project: Project, account: Account) {
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
  package func callRate(at now: Instant) -> CallRate { granted.callRate(of: tier, at: now) }

  /// Throws why it opens nothing at a time, or not what this scope stands for. By the clock at each use: a key that is remembered
  /// expires to the millisecond all the same.
  package func check(scope: KeyScope, at now: Instant) throws {
    switch KeyStatus(isRevoked: isRevoked, expiresAt: expiresAt, retiresAt: retiresAt, at: now) {
    case .active, .rotated: break
    case .revoked: throw KeyRefusal.revoked
    case .expired(let time): throw KeyRefusal.expired(time)
    case .retired(let time): throw KeyRefusal.retired(time)
    }
    // What an archived project tracked can be read on.
    if isProjectArchived, scope != .read { throw Project.Failure.archived }
    if isAccountClosed { throw Account.Failure.closed }
    guard scopes.contains(scope) else { throw KeyRefusal.withoutScope(scope) }
  }
}
