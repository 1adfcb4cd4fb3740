import Crypto
import Domain
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import Postgres
import Synchronization

/// From a key to what it opens: a look-up in the directory read model, remembered for a moment. Where the read model has not come to what
/// happened last to the key's project or account, these decide themselves: a key that was revoked is refused whether a projector runs or not.
///
/// A class with a lock rather than an actor: each tracked request passes here, and a hop per request is what it would cost.
final class KeyDirectory: Sendable {
  private let log: Log
  private let query: String
  private let remembered = Mutex(KeyMemory<KeyGrant>())
  /// For keys that nobody here has heard of: anybody can make them up, with a valid checksum, as fast as they like, and must leave a
  /// connection to those whose keys are real, who log in, and who ask how the server is.
  private let unheardOf = SingleFile()

  init(log: Log, queries: QueryCatalog) throws {
    self.log = log
    query = try queries.text("directory", "key_by_hash")
  }

  /// What the key opens. Throws the problem to be shown: no key, a mistyped or unknown one, one that works no more, or one without
  /// this scope.
  func grant(for text: String?, scope: KeyScope, now: Int64) async throws -> KeyGrant {
    guard let text else {
      throw Problem(.missingKey, "send the project's key in `Authorization: Bearer sk_…` or as api_key in the body")
    }
    guard let grant = try await lookUp(text, now: now) else {
      throw Problem(.unknownKey, "no project has this key: was it copied whole, and from this server's project page?")
    }
    if let refusal = grant.refusal(scope: scope, at: now) { throw refusal }
    return grant
  }

  /// Looks a project's keys up anew: they have just been changed here, and whoever did it expects that to hold here at once.
  func forget(project: UUID) { remembered.withLock { $0.forget(project: project) } }

  private func lookUp(_ text: String, now: Int64) async throws -> KeyGrant? {
    let digest = SHA256.hash(data: Array(text.utf8))
    switch remembered.withLock({ $0.found(digest, now: now) }) {
    case .grant(let grant): return grant
    case .nobodys: return nil
    case .stale: return try await ask(digest, now: now)
    case .unheardOf: break
    }
    // A mistyped key is found out by its checksum, without a look-up.
    do { _ = try APIKey(parsing: text) } catch { throw Problem(.malformedKey, "\(error)") }
    return try await unheardOf { () async throws -> KeyGrant? in
      // Somebody may have asked while this one waited.
      switch remembered.withLock({ $0.found(digest, now: now) }) {
      case .grant(let grant): grant
      case .nobodys: nil
      case .stale, .unheardOf: try await ask(digest, now: now)
      }
    }
  }

  private func ask(_ digest: SHA256Digest, now: Int64) async throws -> KeyGrant? {
    let generation = remembered.withLock { $0.generation }
    let hash = digest.map { String(format: "%02x", $0) }.joined()
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
    guard let row = try await log.pool.query(Query(query, [hash])).first else { return nil }
    let shown = try KeyGrant(row: row)
    guard try !row.decode("is_current", as: Bool.self) else { return shown }
    let (source, shard) = (shown.source, try row.decode("shard", as: Int.self))
    let project = try await log.load(
      Project.self, from: .project(source.projectID, of: source.accountID, shard: shard)
    ).state
    let account = try await log.load(Account.self, from: .account(source.accountID, shard: shard)).state
    return KeyGrant(source, project: project, account: account)
  }
}

extension Request {
  /// The key in `Authorization: Bearer …`, if any. Throws when the header holds another scheme.
  var bearerKey: String? {
    get throws {
      guard let header = headers[.authorization] else { return nil }
      let scheme = "Bearer "
      // As nearly everyone writes it; RFC 9110 lets the scheme's case and the spaces after it vary.
      if header.hasPrefix(scheme + "sk_") { return String(header.dropFirst(scheme.utf8.count)) }
      let parts = header.split(separator: " ", omittingEmptySubsequences: true)
      guard parts.count == 2, parts[0].lowercased() == "bearer" else {
        throw Problem(.malformedKey, "the Authorization header must read `Bearer sk_…`")
      }
      return String(parts[1])
    }
  }
}
