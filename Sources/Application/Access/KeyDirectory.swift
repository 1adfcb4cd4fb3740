package import Domain
package import EventLog
package import Foundation

/// From a key to what it opens: a look-up in the directory read model, remembered for a moment. Where the read model has not come to what
/// happened last to the key's project or account, these decide themselves: a key that was revoked is refused whether a projector runs or not.
package final class KeyDirectory: Sendable {
  private let log: Log
  private let lookUp: SecretLookUp<KeyGrant>

  package init(log: Log, questions: Questions) {
    self.log = log
    lookUp = SecretLookUp {
      do { _ = try APIKey(parsing: $0) } catch { throw KeyRefusal.malformed("\(error)") }
    } ask: {
      try await Self.grant(ofHash: $0, log, questions).map { .init(grant: $0, project: $0.source.projectID) }
    }
  }

  /// What the key opens. Throws ``KeyRefusal``: no key, a mistyped or unknown one, one that works no more, or one without
  /// this scope.
  package func grant(for text: String?, scope: KeyScope, now: Instant) async throws -> KeyGrant {
    guard let text else { throw KeyRefusal.missing }
    guard let grant = try await lookUp(text, now: now) else { throw KeyRefusal.unknown }
    try grant.check(scope: scope, at: now)
    // What it sends leaves a trace of its own in the log.
    if scope == .read { log.keyUses.note(grant.source, at: now) }
    return grant
  }

  /// Looks a project's keys up anew: they have just been changed here, and whoever did it expects that to hold here at once.
  package func forget(project: UUID) { lookUp.forget(project: project) }

  private static func grant(ofHash hash: String, _ log: Log, _ questions: Questions) async throws -> KeyGrant? {
    guard let shown = try await questions.ask(PresentedKeyQuestion(hash: hash)).first else { return nil }
    guard !shown.isCurrent else { return shown.grant }
    let (source, shard) = (shown.grant.source, shown.shard)
    let project = try await log.load(
      Project.self, from: .project(source.projectID, of: source.accountID, shard: shard)
    ).state
    let account = try await log.load(Account.self, from: .account(source.accountID, shard: shard)).state
    return KeyGrant(source, project: project, account: account)
  }
}
