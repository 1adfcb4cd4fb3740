import Domain
import EventLog
import Foundation
import Postgres
import Synchronization

/// Whether sessions go on: a look-up in the read model `people`, remembered for a moment.
///
/// A class with a lock rather than an actor: each request of a person passes here.
final class SessionDirectory: Sendable {
  private let log: Log
  private let query: String
  private let remembered = Mutex<[Principal: Entry]>([:])

  /// How long an answer is trusted. A session ended elsewhere is refused here at most this much later than the read model knows.
  private static let freshness: Int64 = 500
  private static let capacity = 50_000

  private struct Entry {
    let goesOn: Bool
    let until: Int64
  }

  init(log: Log, queries: QueryCatalog) throws {
    self.log = log
    query = try queries.text("people", "session")
  }

  /// Whether the person's session goes on at a time.
  func goesOn(_ principal: Principal, now: Int64) async throws -> Bool {
    // The upper bound too: a clock that steps back must not prolong an answer.
    if let entry = remembered.withLock({ $0[principal] }), entry.until > now, entry.until <= now + Self.freshness {
      return entry.goesOn
    }
    let goesOn = try await lookUp(principal, now: now)
    remember(principal, Entry(goesOn: goesOn, until: now + Self.freshness))
    return goesOn
  }

  /// Sessions of a person have ended here: what is remembered of them is not true any more. The read model may take a moment to
  /// know, so those that are over are remembered as such meanwhile.
  func forget(_ user: UUID, ended: [UUID], now: Int64) {
    remembered.withLock { entries in
      for principal in entries.keys where principal.userID == user { entries[principal] = nil }
    }
    for session in ended {
      remember(Principal(userID: user, sessionID: session), Entry(goesOn: false, until: now + Self.freshness))
    }
  }

  private func remember(_ principal: Principal, _ entry: Entry) {
    remembered.withLock { entries in
      if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
      entries[principal] = entry
    }
  }

  private func lookUp(_ principal: Principal, now: Int64) async throws -> Bool {
    let shard = log.shards.shard(of: principal.userID)
    guard let row = try await log.pool.query(Query(query, [Int32(shard), principal.sessionID])).first else {
      return try await goesOnByItsStream(principal, shard: shard, now: now)
    }
    let expires = try row.decode("expires_at", as: Date.self)
    return try row.decode("user_id", as: UUID.self) == principal.userID
      && row.decode("ended_at", as: Date?.self) == nil && expires.timeIntervalSince1970 * 1000 > Double(now)
  }

  /// A session that has just started is not in the read model yet.
  private func goesOnByItsStream(_ principal: Principal, shard: Int, now: Int64) async throws -> Bool {
    let session = try await log.load(Session.self, from: .session(principal.sessionID, shard: shard), last: 1).state
    guard session.userID == principal.userID, !session.isEnded, now < session.expiresAt else { return false }
    let user = try await log.load(User.self, from: .user(principal.userID, shard: shard)).state
    return user.keeps(session: principal.sessionID, of: session.generation)
  }
}
