import Domain
import EventLog
import Foundation
import Synchronization

/// Whether sessions go on: decided on the streams of session and person, and remembered for a moment. Never on a read model, which
/// may stand still: what was ended is refused within the second on every server, whether a projector runs or not.
///
/// A class with a lock rather than an actor: each request of a person passes here.
package final class SessionDirectory: Sendable {
  private let log: Log
  private let remembered = Mutex<[Principal: Entry]>([:])

  /// How long an answer is trusted, from before it was looked up: a session ended elsewhere is refused here this much later at most.
  private static let freshness = Duration.milliseconds(500)
  private static let capacity = 50_000

  private struct Entry {
    /// When it ends unless it is used; nil once it is over.
    let end: Instant?
    let until: Instant
  }

  init(log: Log) { self.log = log }

  /// When the person's session, which goes on at a time, ends unless it is used; nil where it is over.
  func end(of principal: Principal, now: Instant) async throws -> Instant? {
    // The upper bound too: a clock that steps back must not prolong an answer.
    if let entry = remembered.withLock({ $0[principal] }), entry.until > now, entry.until - now <= Self.freshness {
      return entry.end
    }
    let end = try await lookUp(principal, now: now)
    remember(principal, Entry(end: end, until: now + Self.freshness))
    return end
  }

  /// Sessions of a person have ended here: what is remembered of them is not true any more. A look-up that began before may still be
  /// under way, so those that are over are remembered as such.
  func forget(_ user: UUID, ended: [UUID], now: Instant) {
    remembered.withLock { entries in
      for principal in entries.keys where principal.userID == user { entries[principal] = nil }
    }
    for session in ended {
      remember(Principal(userID: user, sessionID: session), Entry(end: nil, until: now + Self.freshness))
    }
  }

  private func remember(_ principal: Principal, _ entry: Entry) {
    remembered.withLock { entries in
      // What is over stays over: a look-up that began before must not bring it back.
      if entry.end != nil, let known = entries[principal], known.end == nil, known.until >= entry.until { return }
      if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
      entries[principal] = entry
    }
  }

  private func lookUp(_ principal: Principal, now: Instant) async throws -> Instant? {
    let shard = log.shards.shard(of: principal.userID)
    let session = try await log.load(Session.self, from: .session(principal.sessionID, shard: shard), last: 1).state
    guard session.userID == principal.userID, !session.isEnded, now < session.expiresAt else { return nil }
    let user = try await log.load(User.self, from: .user(principal.userID, shard: shard)).state
    return user.keeps(session: principal.sessionID, of: session.generation) ? session.expiresAt : nil
  }
}
