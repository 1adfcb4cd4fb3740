import Domain
import Postgres

/// A month whose batches are in the database.
struct HeldMonth: Sendable {
  /// Such as `2025-01`.
  let name: String
  /// From its beginning to its end (UTC).
  let times: Range<Instant>
  let databaseBytes: Int64

  /// One shard's share of it.
  struct Part: Sendable {
    let shard: Int
    let firstPosition: Int64
    let lastPosition: Int64
    /// The link that its first batch hangs on, in hex.
    let hashBefore: String
    var events: Int64 { lastPosition - firstPosition + 1 }
  }

  /// Those that may be archived by the calendar, in order: before a month such as `2025-10`, and over since a day.
  static nonisolated(nonsending) func all(before month: String, _ connection: Connection) async throws -> [HeldMonth] {
    try await connection.query(
      """
      SELECT to_char(m.month, 'YYYY-MM') AS name, m.bytes,
        m.month::timestamp AT TIME ZONE 'UTC' AS begins, (m.month + interval '1 month') AT TIME ZONE 'UTC' AS ends
      FROM log.months_held() AS m
      WHERE m.month < to_date(\(month), 'YYYY-MM') AND (m.month + interval '1 month 1 day') AT TIME ZONE 'UTC' <= now()
      ORDER BY m.month
      """
    ).map(HeldMonth.init(row:))
  }

  private init(row: Row) throws {
    name = try row.decode("name")
    times = try row.decode("begins", as: Instant.self)..<row.decode("ends", as: Instant.self)
    databaseBytes = try row.decode("bytes")
  }

  nonisolated(nonsending) func parts(_ connection: Connection) async throws -> [Part] {
    try await connection.query(
      """
      SELECT m.shard, m.first_position, m.last_position, encode(b.hash, 'hex') AS hash_before
      FROM log.month_shards(to_date(\(name), 'YYYY-MM')) AS m
      CROSS JOIN LATERAL log.chain_before(m.shard, m.first_position) AS b
      ORDER BY m.shard
      """, deadline: .seconds(600)
    ).map {
      Part(
        shard: try $0.decode("shard"), firstPosition: try $0.decode("first_position"),
        lastPosition: try $0.decode("last_position"), hashBefore: try $0.decode("hash_before"))
    }
  }

  /// Who has not taken in all of it yet, in words.
  nonisolated(nonsending) func laggard(_ connection: Connection) async throws -> String? {
    try await connection.query(
      "SELECT laggard FROM log.archive_laggards(to_date(\(name), 'YYYY-MM'))", deadline: .seconds(600)
    ).first?.decode("laggard")
  }
}
