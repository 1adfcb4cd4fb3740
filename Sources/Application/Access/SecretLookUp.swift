import Crypto
import Domain
import Foundation
import Synchronization

/// From a secret to what it opens, by its hash: looked up in a read model, and remembered for a moment. Keys and shared links are found this way.
///
/// A class with a lock rather than an actor: each tracked request passes here, and a hop per request is what it would cost.
final class SecretLookUp<Grant: Sendable>: Sendable {
  /// What a secret opens, and which project's it is.
  struct Found: Sendable {
    let grant: Grant
    let project: UUID
  }

  private let remembered = Mutex(KeyMemory<Grant>())
  /// For secrets that nobody here has heard of: anybody can make them up, with a valid checksum, as fast as they like, and must leave a
  /// connection to those whose secrets are real, who log in, and who ask how the server is.
  private let unheardOf = SingleFile()
  private let check: @Sendable (String) throws -> Void
  private let ask: @Sendable (String) async throws -> Found?

  /// - Parameters:
  ///   - check: throws for what can't be a secret, and so is not looked up.
  ///   - ask: finds what has this hash, hex SHA-256 of the whole secret; nil: nothing.
  init(
    check: @escaping @Sendable (String) throws -> Void, ask: @escaping @Sendable (String) async throws -> Found?
  ) {
    self.check = check
    self.ask = ask
  }

  /// Nil for a secret that opens nothing. Throws what `check` throws.
  func callAsFunction(_ text: String, now: Instant) async throws -> Grant? {
    let digest = SHA256.hash(data: Array(text.utf8))
    switch remembered.withLock({ $0.found(digest, now: now) }) {
    case .grant(let grant): return grant
    case .nobodys: return nil
    case .stale: return try await find(digest, now: now)
    case .unheardOf: break
    }
    // A mistyped one is found out by its checksum, without a look-up.
    try check(text)
    return try await unheardOf { () async throws -> Grant? in
      // Somebody may have asked while this one waited.
      switch remembered.withLock({ $0.found(digest, now: now) }) {
      case .grant(let grant): grant
      case .nobodys: nil
      case .stale, .unheardOf: try await find(digest, now: now)
      }
    }
  }

  /// Looks a project's secrets up anew: they have just been changed here, and whoever did it expects that to hold here at once.
  func forget(project: UUID) { remembered.withLock { $0.forget(project: project) } }

  private func find(_ digest: SHA256Digest, now: Instant) async throws -> Grant? {
    let generation = remembered.withLock { $0.generation }
    let found = try await ask(Hex.text(digest))
    remembered.withLock { memory in
      if let found {
        memory.remember(found.grant, of: found.project, digest, now: now, generation: generation)
      } else {
        memory.rememberNobodys(digest, now: now)
      }
    }
    return found?.grant
  }
}
