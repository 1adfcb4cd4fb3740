import Crypto
import Domain

import struct Foundation.UUID

/// What was found of keys a moment ago. Made-up keys have a place of their own, so that guessing them costs no memory and drives out
/// nothing that is known of real ones.
struct KeyMemory<Grant> {
  private struct Entry {
    let grant: Grant
    let project: UUID
    var until: Instant
  }

  /// What a digest is known as.
  enum Found {
    case grant(Grant)
    /// Nobody's key.
    case nobodys
    /// A real key, of which nothing is trusted any more.
    case stale
    case unheardOf
  }

  /// How long an answer is trusted, from before it was looked up: a key that was revoked elsewhere works at most this much longer.
  let freshness: Duration
  let capacity: Int
  /// Made-up keys that are remembered: as many as a server looks up within `freshness`, and more.
  let nobodysCapacity: Int
  private var grants: [SHA256Digest: Entry] = [:]
  private var nobodys: [SHA256Digest: Instant] = [:]
  /// How often something was forgotten: a look-up that began before that may have found what is not true any more.
  private(set) var generation = 0

  init(freshness: Duration = .milliseconds(500), capacity: Int = 50_000, nobodysCapacity: Int = 5_000) {
    self.freshness = freshness
    self.capacity = capacity
    self.nobodysCapacity = nobodysCapacity
  }

  func found(_ digest: SHA256Digest, now: Instant) -> Found {
    if let entry = grants[digest] { return isFresh(entry.until, now) ? .grant(entry.grant) : .stale }
    if let until = nobodys[digest], isFresh(until, now) { return .nobodys }
    return .unheardOf
  }

  // The upper bound too: a clock that steps back must not prolong an answer.
  private func isFresh(_ until: Instant, _ now: Instant) -> Bool { until > now && until - now <= freshness }

  /// - Parameters:
  ///   - now: when the look-up began.
  ///   - generation: that of then.
  mutating func remember(_ grant: Grant, of project: UUID, _ digest: SHA256Digest, now: Instant, generation: Int) {
    if grants[digest] == nil, grants.count >= capacity { grants.removeAll(keepingCapacity: true) }
    nobodys[digest] = nil
    let until = generation == self.generation ? now + freshness : .distantPast
    grants[digest] = Entry(grant: grant, project: project, until: until)
  }

  mutating func rememberNobodys(_ digest: SHA256Digest, now: Instant) {
    grants[digest] = nil
    if nobodys.count >= nobodysCapacity { nobodys.removeAll(keepingCapacity: true) }
    nobodys[digest] = now + freshness
  }

  /// Nothing is trusted any more that was found of a project's keys, or is being found.
  mutating func forget(project: UUID) {
    generation += 1
    for (digest, entry) in grants where entry.project == project { grants[digest]?.until = .distantPast }
  }
}
