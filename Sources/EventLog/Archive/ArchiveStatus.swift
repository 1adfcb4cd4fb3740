package import Postgres

/// Where a month of the log is, and what it takes.
package struct MonthSize: Sendable, Equatable {
  /// Such as `2025-01`.
  package let month: String
  /// Whether it has left the database.
  package let isArchived: Bool
  /// Over all shards.
  package let events: Int64
  /// In the database, indexes included; of an archived month, what it took there.
  package let databaseBytes: Int64
  /// In files; nil while it is in the database.
  package let archiveBytes: Int64?
  /// What is in the files, uncompressed; nil while it is in the database.
  package let textBytes: Int64?

  /// Of every month, in order. Over connections of any role that may read the log.
  package static func all(_ pool: Pool) async throws -> [MonthSize] {
    try await pool.query(
      "SELECT month, is_archived, events, database_bytes, archive_bytes, text_bytes FROM log.month_sizes()",
      deadline: .seconds(600)
    ).map(MonthSize.init(row:))
  }

  private init(row: Row) throws {
    month = try row.decode("month")
    isArchived = try row.decode("is_archived")
    events = try row.decode("events")
    databaseBytes = try row.decode("database_bytes")
    archiveBytes = try row.decode("archive_bytes")
    textBytes = try row.decode("text_bytes")
  }
}
