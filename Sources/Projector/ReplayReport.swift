/// What a replay found.
public struct ReplayReport: Sendable, Equatable {
  /// The tables compared, read models first, then the meters.
  public var tables: [Table] = []
  /// Projections that have no read model yet, so that there is nothing to compare.
  public var notBuilt: [String] = []
  /// Events replayed, over all shards.
  public var events: Int64 = 0

  /// One table compared row for row, on all columns.
  public struct Table: Sendable, Equatable {
    /// Such as `usage.months`.
    public var name: String
    /// Rows of the live table.
    public var rows: Int
    /// Rows that differ, are missing or should not be there.
    public var differing: Int
    /// Some of them, in words.
    public var differences: [String]
  }

  /// Whether the log gives exactly what is shown.
  public var isClean: Bool { tables.allSatisfy { $0.differing == 0 } }
}
