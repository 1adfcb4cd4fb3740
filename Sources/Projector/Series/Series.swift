import Domain
import EventLog
import Postgres

/// A table that the projector keeps by itself, as a projection's schema.sql asked for it (`log.create_series()`): requests that count, by
/// a label, in cells of time.
///
/// Adding requests is the same for whatever they are told apart by, and PostgreSQL is slow at it: a histogram for each of thousands of
/// endpoints, of which every cut moves most. So a cut is folded in memory (``SeriesFold``) before it touches a row, and a row is a day.
struct Series: Sendable {
  /// The table.
  let name: String
  /// What requests are told apart by; empty: nothing.
  let label: [LabelWord]
  /// How many milliseconds a cell is long.
  let cell: Int64
  /// How many milliseconds a block of cells is long.
  let block: Int64
  /// How many labels a block may have.
  let most: Int
  /// Whether response times are kept.
  let isTimed: Bool
  /// Whether a block's total stays when its detail goes.
  let keepsTotals: Bool

  /// Those of the schema that the search_path names first. Throws ``SeriesError``.
  static nonisolated(nonsending) func all(_ connection: Connection) async throws -> [Series] {
    try await connection.query("SELECT * FROM log.series_at_hand()").map { try Series($0) }
  }

  private init(_ row: Row) throws {
    let name: String = try row.decode("name")
    try self.init(
      name: name, label: Self.words(row.decode("label"), of: name), minutes: row.decode("minutes"),
      most: row.decode("most"), isTimed: row.decode("is_timed"), keepsTotals: row.decode("keeps_totals"))
  }

  /// A table whose cells are so many minutes long. Throws ``SeriesError``.
  init(name: String, label: [LabelWord], minutes: Int64, most: Int, isTimed: Bool, keepsTotals: Bool) throws {
    guard [1, 15].contains(minutes) else {
      throw SeriesError(series: name, reason: "cells are 1 or 15 minutes long, not \(minutes)")
    }
    (self.name, self.label, self.most) = (name, label, most)
    (self.isTimed, self.keepsTotals) = (isTimed, keepsTotals)
    cell = minutes * 60_000
    block = minutes == 1 ? 3_600_000 : 86_400_000
  }

  private static func words(_ text: String, of series: String) throws -> [LabelWord] {
    try text.split(separator: " ").map { word in
      guard let known = LabelWord(rawValue: String(word)) else {
        throw SeriesError(series: series, reason: "nothing of a request is called \(word)")
      }
      return known
    }
  }
}

/// A series that can't be kept as its projection's schema.sql asks for it.
struct SeriesError: Error, CustomStringConvertible {
  let series: String
  let reason: String
  var description: String { "series \(series): \(reason); mend schema.sql, see Projections/README.md" }
}
