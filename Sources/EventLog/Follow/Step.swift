package import Postgres

/// Moves one follower on by one cut of one shard, in one transaction.
package struct Step: Sendable {
  let follower: any Follower
  let shard: Int

  /// One follower's, on one shard.
  package init(_ follower: any Follower, shard: Int) {
    self.follower = follower
    self.shard = shard
  }

  /// How it ended.
  package enum Ending: Sendable {
    /// It followed this.
    case moved(Cut)
    /// There was nothing to follow.
    case upToDate
    /// Someone else holds the lease, or there is no such progress.
    case unavailable
    /// It was stopped before, for this reason.
    case stopped(String)
    /// The progress is not for this program to move.
    case declined
  }

  /// Takes the lease, follows at most `most` events (at least one batch), moves the progress, commits. Throws what the follower
  /// throws, ``Gap``, or `PostgresError`.
  package func run(on pool: Pool, most: Int64 = Pace.largest) async throws -> Ending {
    do { return try await attempt(on: pool, most: most) } catch is Gap {
      // A month that left the database just after our snapshot was taken looks like a gap; a new snapshot knows the archive.
      return try await attempt(on: pool, most: most)
    }
  }

  private func attempt(on pool: Pool, most: Int64) async throws -> Ending {
    try await pool.transaction(.repeatableRead) { connection in
      guard let lease = try await follower.progress.lease(follower.name, shard: shard, connection) else {
        return .unavailable
      }
      guard try follower.accepts(lease) else { return .declined }
      guard try lease.row.decode("status", as: String.self) == "running" else {
        return .stopped(try lease.row.decode("error", as: String?.self) ?? "no reason was given")
      }
      guard let cut = try await follower.cut(after: lease, most: most, on: connection) else { return .upToDate }
      try await follower.follow(cut, from: lease, on: connection)
      try await follower.progress.move(follower.name, to: cut, connection)
      return .moved(cut)
    }
  }

  /// Leaves the reason of a failure beside the progress; stops it there, if that is asked, until somebody lets it go on. Whoever holds the
  /// lease now will find out for himself.
  func note(_ error: any Error, stopping: Bool, on pool: Pool) async throws {
    try await pool.transaction { connection in
      guard let lease = try await follower.progress.lease(follower.name, shard: shard, connection),
        try follower.accepts(lease)
      else { return }
      try await follower.progress.note(
        "\(error)", of: follower.name, shard: shard, stopping: stopping, connection)
    }
  }
}
