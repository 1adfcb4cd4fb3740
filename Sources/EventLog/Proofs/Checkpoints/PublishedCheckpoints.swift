package import Postgres

/// The checkpoints that were signed and are given out to everyone.
package struct PublishedCheckpoints: Sendable {
  private let pool: Pool

  /// Over connections of any role that may read the log.
  package init(pool: Pool) { self.pool = pool }

  /// The latest of each shard, in their order. Anybody may ask, as often as they like: a look at the index per shard, however many there are
  /// by now.
  package func latest() async throws -> CheckpointSet {
    let rows = try await pool.query(
      """
      SELECT c.note
      FROM log.heads AS h
      CROSS JOIN LATERAL (
        SELECT k.note FROM log.checkpoints AS k
        WHERE k.shard = h.shard ORDER BY k.tree_size DESC, k.signed_at DESC LIMIT 1) AS c
      ORDER BY h.shard
      """)
    return CheckpointSet(try rows.map { try SignedNote(parsing: $0.decode("note", as: String.self)) })
  }

  /// The latest of a shard; nil before the first.
  package func latest(of shard: Int) async throws -> SignedNote? {
    try await page(of: shard, limit: 1).first
  }

  /// The one that covers the fewest batches of those that cover this many.
  package func first(of shard: Int, covering size: Int64) async throws -> SignedNote? {
    let rows = try await pool.query(
      """
      SELECT note FROM log.checkpoints WHERE shard = \(Int32(shard)) AND tree_size >= \(size)
      ORDER BY tree_size, signed_at DESC LIMIT 1
      """)
    return try rows.first.map { try SignedNote(parsing: $0.decode("note", as: String.self)) }
  }

  /// A shard's checkpoints, the latest first, from those that cover less than `size` batches.
  package func page(of shard: Int, before size: Int64? = nil, limit: Int) async throws -> [SignedNote] {
    let rows = try await pool.query(
      """
      SELECT DISTINCT ON (tree_size) note FROM log.checkpoints
      WHERE shard = \(Int32(shard)) AND tree_size < \(size ?? Int64.max)
      ORDER BY tree_size DESC, signed_at DESC LIMIT \(Int32(limit))
      """)
    return try rows.map { try SignedNote(parsing: $0.decode("note", as: String.self)) }
  }

  /// All of a shard, in their order.
  package func all(of shard: Int) async throws -> [Checkpoint] {
    let rows = try await pool.query(
      "SELECT note FROM log.checkpoints WHERE shard = \(Int32(shard)) ORDER BY tree_size, signed_at")
    return try rows.map { try Checkpoint(parsing: SignedNote(parsing: $0.decode("note", as: String.self)).text) }
  }
}
