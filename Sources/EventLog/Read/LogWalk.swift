import Postgres

/// A walk along a shard's chain, in steps that end with a batch, through archive and database as if they were one.
///
/// Each step is a transaction that keeps any month from leaving the database in its midst (`SQL/objects/archive/drop_archived_month.sql` waits), and
/// has at hand what of the archive it reads.
struct LogWalk: Sendable {
  let pool: Pool
  /// Nil when the caller was given none: then an archived month is an error.
  let archive: ArchiveReader?

  /// Where a step ends.
  struct End: Sendable, Equatable {
    let position: Int64
    let hash: [UInt8]
    /// Whether the step lies in the archive; none lies in both.
    let isArchived: Bool
  }

  /// Runs `read` over the next `most` events or fewer, at least one batch; nil at the end. Throws ``ArchiveError``, `PostgresError`.
  func step<T: Sendable>(
    _ shard: Int, after: Int64, upto: Int64, most: Int64,
    _ read: nonisolated(nonsending) @Sendable (Connection, End) async throws -> T
  ) async throws -> (end: End, value: T)? {
    try await transaction(shard, after: after) { connection, reach in
      let row = try await connection.query(
        """
        SELECT last_position, hash
        FROM log.chain_end(\(Int32(shard)), \(after), \(min(upto, reach ?? upto)), \(most))
        """
      ).first
      guard let row else { return nil }
      let end = End(
        position: try row.decode("last_position"), hash: try row.decode("hash"), isArchived: reach != nil)
      return (end, try await read(connection, end))
    }
  }

  /// Runs `read` with the batches after a position at hand, and how far they reach: nil when they are in the database.
  func transaction<T: Sendable>(
    _ shard: Int, after: Int64, _ read: nonisolated(nonsending) @Sendable (Connection, Int64?) async throws -> T
  ) async throws -> T {
    try await pool.transaction(readOnly: true) { connection in
      try await ArchiveReader.keepMonths(connection)
      let reach = try await ArchiveReader.bring(from: archive, connection, shard: shard, after: after)
      return try await read(connection, reach)
    }
  }
}
