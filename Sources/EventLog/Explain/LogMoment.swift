package import Domain
package import Postgres

/// Where a shard's log stood at a time: what was known then is what stands up to there, since no batch is recorded before the one that it follows.
package enum LogMoment {
  /// The last position recorded at or before a time; 0 where there was none yet. In the transaction that is open, which has the frame
  /// of the archive at hand afterwards that the moment lies in, if it lies there. Throws `ArchiveError`.
  package static nonisolated(nonsending) func position(
    at time: Instant, on shard: Int, archive: ArchiveReader?, _ connection: Connection
  ) async throws -> Int64 {
    let around = try await connection.query(
      "SELECT first_position FROM log.frame_around(\(Int32(shard)), \(time), NULL)")
    guard let first = try around.first?.decode("first_position", as: Int64.self) else {
      return try await number(connection, "SELECT log.position_at(\(Int32(shard)), \(time)) AS position")
    }
    try await ArchiveReader.bring(from: archive, connection, shard: shard, after: first - 1)
    return try await number(connection, "SELECT position FROM log.moment(\(Int32(shard)), \(time), NULL)")
  }

  private static nonisolated(nonsending) func number(_ connection: Connection, _ query: Query) async throws -> Int64 {
    guard let row = try await connection.query(query).first else {
      throw PostgresError(.decoding, "the log told no position of a time")
    }
    return try row.decode("position")
  }
}
