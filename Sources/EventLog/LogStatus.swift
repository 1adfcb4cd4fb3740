package import Domain
package import Postgres

/// How the log does, for people.
package struct LogStatus: Sendable, Encodable {
  /// One chain.
  package struct Shard: Sendable, Encodable {
    /// Its number.
    package var shard: Int
    /// Its last position, which is how many events it holds.
    package var position: Int64
    /// When its last batch was recorded; nil for an empty one.
    @TimeText package var recordedAt: Instant?
    /// Where the newest published checkpoint stands; nil while there is none.
    package var checkpointPosition: Int64?
    /// When that was signed.
    @TimeText package var checkpointSignedAt: Instant?
  }

  /// All chains, in order.
  package var shards: [Shard]
  /// Bytes of the batches that are in the database, indexes included.
  package var batchesBytes: Int64
  /// Bytes of what is remembered to recognise repeats.
  package var idsBytes: Int64
  /// Bytes of all else in the log's schema.
  package var otherBytes: Int64
  /// Events that have gone into archive files.
  package var archivedEvents: Int64
  /// Bytes of those files.
  package var archivedBytes: Int64

  /// Events in all.
  package var events: Int64 { shards.reduce(0) { $0 + $1.position } }
  /// When the last event was recorded; nil for an empty log.
  package var recordedAt: Instant? { shards.compactMap(\.recordedAt).max() }
  /// What an event that is in the database takes there, in bytes, all tables and indexes of the log counted; nil without any.
  package var bytesPerEvent: Double? {
    let held = events - archivedEvents
    return held > 0 ? Double(batchesBytes + idsBytes + otherBytes) / Double(held) : nil
  }

  /// As it is now. Any role of Recount may ask. Throws `PostgresError`.
  package init(_ pool: Pool) async throws {
    shards = try await pool.query("SELECT * FROM log.shard_status() ORDER BY shard").map(Shard.init(row:))
    guard let row = try await pool.query("SELECT * FROM log.disk_status()").first else {
      throw LogError.notMigrated
    }
    batchesBytes = try row.decode("batches_bytes")
    idsBytes = try row.decode("ids_bytes")
    otherBytes = try row.decode("other_bytes")
    archivedEvents = try row.decode("archived_events")
    archivedBytes = try row.decode("archived_bytes")
  }
}

extension LogStatus.Shard {
  init(row: Row) throws {
    shard = try row.decode("shard")
    position = try row.decode("position")
    recordedAt = try row.decode("recorded_at")
    checkpointPosition = try row.decode("checkpoint_position")
    checkpointSignedAt = try row.decode("checkpoint_signed_at")
  }
}
