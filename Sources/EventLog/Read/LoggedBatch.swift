package import Domain
package import Postgres

/// A batch of the log without what it holds: its link of the hash chain, and the one that it hangs on.
package struct LoggedBatch: Sendable, Equatable {
  /// Where it begins.
  package let firstPosition: Int64
  /// Where it ends.
  package let lastPosition: Int64
  /// When it was recorded.
  package let recordedAt: Instant
  /// Of the batch before it, 32 bytes; zeros for the first.
  package let previousHash: [UInt8]
  /// Its own, 32 bytes: SHA-256 over the previous hash, its header and its events (`log.batch_hash()`).
  package let hash: [UInt8]

  /// The one that holds a position; nil where the log does not go so far. Of archived months, what the transaction has at hand.
  package static nonisolated(nonsending) func holding(
    _ position: Int64, of shard: Int, _ connection: Connection
  ) async throws -> LoggedBatch? {
    let rows = try await connection.query(
      """
      SELECT first_position, last_position, recorded_at, previous_hash, hash
      FROM log.batch_holding(\(Int32(shard)), \(position))
      """)
    return try rows.first.map { row in
      LoggedBatch(
        firstPosition: try row.decode("first_position"), lastPosition: try row.decode("last_position"),
        recordedAt: try row.decode("recorded_at"), previousHash: try row.decode("previous_hash"),
        hash: try row.decode("hash"))
    }
  }
}
