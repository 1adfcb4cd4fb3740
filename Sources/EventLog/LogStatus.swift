public import Foundation
public import Postgres

/// How the log does, for people.
public struct LogStatus: Sendable, Codable {
  /// One chain.
  public struct Shard: Sendable, Codable {
    /// Its number.
    public var shard: Int
    /// Its last position, which is how many events it holds.
    public var position: Int64
    /// When its last batch was recorded; nil for an empty one.
    public var recordedAt: Date?
    /// Where the newest published checkpoint stands; nil while there is none.
    public var checkpointPosition: Int64?
    /// When that was signed.
    public var checkpointSignedAt: Date?
  }

  /// All chains, in order.
  public var shards: [Shard]
  /// Bytes of the batches that are in the database, indexes included.
  public var batchesBytes: Int64
  /// Bytes of what is remembered to recognise repeats.
  public var idsBytes: Int64
  /// Bytes of all else in the log's schema.
  public var otherBytes: Int64
  /// Events that have gone into archive files.
  public var archivedEvents: Int64
  /// Bytes of those files.
  public var archivedBytes: Int64

  /// Events in all.
  public var events: Int64 { shards.reduce(0) { $0 + $1.position } }
  /// When the last event was recorded; nil for an empty log.
  public var recordedAt: Date? { shards.compactMap(\.recordedAt).max() }
  /// What an event that is in the database takes there, in bytes, all tables and indexes of the log counted; nil without any.
  public var bytesPerEvent: Double? {
    let held = events - archivedEvents
    return held > 0 ? Double(batchesBytes + idsBytes + otherBytes) / Double(held) : nil
  }

  /// As it is now. Any role of Recount may ask. Throws `PostgresError`.
  public init(_ pool: Pool) async throws {
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
