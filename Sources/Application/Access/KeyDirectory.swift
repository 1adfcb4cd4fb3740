import Crypto
package import Domain
package import EventLog
package import Foundation
import Synchronization

/// From a key to what it opens: a look-up in the directory read model, remembered for a moment. Where the read model has not come to what
/// happened last to the key's project or account, these decide themselves: a key that was revoked is refused whether a projector runs or not.
///
/// A class with a lock rather than an actor: each tracked request passes here, and a hop per request is what it would cost.
package final class KeyDirectory: Sendable {
  private let log: Log
  private let questions: Questions
  private let remembered = Mutex(KeyMemory<KeyGrant>())
  /// For keys that nobody here has heard of: anybody can make them up, with a valid checksum, as fast as they like, and must leave a
  /// connection to those whose keys are real, who log in, and who ask how the server is.
  private let unheardOf = SingleFile()

  package init(log: Log, questions: Questions) {
    self.log = log
    self.questions = questions
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
  package func forget(project: UUID) { remembered.withLock { $0.forget(project: project) } }

  private func lookUp(_ text: String, now: Instant) async throws -> KeyGrant? {
    let digest = SHA256.hash(data: Array(text.utf8))
    switch remembered.withLock({ $0.found(digest, now: now) }) {
    case .grant(let grant): return grant
    case .nobodys: return nil
    case .stale: return try await ask(digest, now: now)
    case .unheardOf: break
    }
    // A mistyped key is found out by its checksum, without a look-up.
    do { _ = try APIKey(parsing: text) } catch { throw KeyRefusal.malformed("\(error)") }
    return try await unheardOf { () async throws -> KeyGrant? in
      // Somebody may have asked while this one waited.
      switch remembered.withLock({ $0.found(digest, now: now) }) {
      case .grant(let grant): grant
      case .nobodys: nil
      case .stale, .unheardOf: try await ask(digest, now: now)
      }
    }
  }

  private func ask(_ digest: SHA256Digest, now: Instant) async throws -> KeyGrant? {
    let generation = remembered.withLock { $0.generation }
    let hash = Hex.text(digest)
    let grant = try await grant(ofHash: hash)
    remembered.withLock { memory in
      if let grant {
        memory.remember(grant, of: grant.source.projectID, digest, now: now, generation: generation)
      } else {
        memory.rememberNobodys(digest, now: now)
      }
    }
    return grant
  }

  private func grant(ofHash hash: String) async throws -> KeyGrant? {
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
