/// What a replay found.
package struct ReplayReport: Sendable, Equatable {
  /// The tables compared, read models first, then the meters.
  package var tables: [Table] = []
  /// Projections that have no read model yet, so that there is nothing to compare.
  package var notBuilt: [String] = []
  /// Events replayed, over all shards.
  package var events: Int64 = 0

  /// One table compared row for row, on all columns.
  package struct Table: Sendable, Equatable {
    /// Such as `usage.months`.
    package var name: String
    /// Rows of the live table.
    package var rows: Int
    /// Rows that differ, are missing or should not be there.
    package var differing: Int
    /// Some of them, in words.
    package var differences: [String]
  }

  /// Whether the log gives exactly what is shown.
  package var isClean: Bool { tables.allSatisfy { $0.differing == 0 } }
}
