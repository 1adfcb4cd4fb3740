public import Postgres

/// Where a month of the log is, and what it takes.
public struct MonthSize: Sendable, Equatable {
  /// Such as `2025-01`.
  public let month: String
  /// Whether it has left the database.
  public let isArchived: Bool
  /// Over all shards.
  public let events: Int64
  /// In the database, indexes included; of an archived month, what it took there.
  public let databaseBytes: Int64
  /// In files; nil while it is in the database.
  public let archiveBytes: Int64?
  /// What is in the files, uncompressed; nil while it is in the database.
  public let textBytes: Int64?

  /// Of every month, in order. Over connections of any role that may read the log.
  public static func all(_ pool: Pool) async throws -> [MonthSize] {
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
