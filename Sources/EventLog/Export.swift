public import Postgres

/// Writes out the log, for whoever wants to check or use it elsewhere.
///
/// 1. The shards' ends are read once: what is appended during the export is not part of it.
/// 2. Each shard is walked in steps that end with a batch (``LogWalk``), through archived months too, so that memory does not grow with
///    the log.
/// 3. The lines of a step are made in SQL, one function per format (`SQL/320…340`), in order of position: two exports of the same log
///    are the same, byte for byte.
public struct Export: Sendable {
  /// Connections of any role that may read the log.
  public var pool: Pool
  /// What is written.
  public var format: ExportFormat
  /// What of the log.
  public var filter: ExportFilter
  /// One shard; nil for all.
  public var shard: Int?
  private let walk: LogWalk
  /// Events a step reads, some 6 MB of text: the database is kept busy, and a client with 20 MB to spare is enough.
  var step: Int64 = 20_000

  /// An export. `archive` is where months lie that have left the database. Throws ``ExportError`` when the format can't hold what is
  /// asked for.
  public init(
    pool: Pool, format: ExportFormat, filter: ExportFilter = ExportFilter(), shard: Int? = nil,
    archive: ArchiveReader? = nil
  ) throws {
    if format == .batches, filter != ExportFilter() { throw ExportError.filteredBatches }
    if format == .csv, let type = filter.type, type != "request_tracked" { throw ExportError.typeNotInCSV(type) }
    self.pool = pool
    self.format = format
    self.filter = filter
    self.shard = shard
    walk = LogWalk(pool: pool, archive: archive)
  }

  /// Hands over the lines, each without its end. `progress` hears of events walked and events in all. Returns how many lines
  /// there were, the header not counted, and how many events were walked for them. Throws what `write` throws, ``ExportError``,
  /// ``ArchiveError`` or `PostgresError`.
  public func run(
    progress: @Sendable (Int64, Int64) -> Void = { _, _ in }, write: (String) throws -> Void
  ) async throws -> (lines: Int, walked: Int64) {
    if let header = format.header { try write(header) }
    var lines = 0
    let walked = try await pass(progress: progress) { rows in
      for row in rows { try write(row.decode("line")) }
      lines += rows.count
    }
    return (lines, walked)
  }

  /// Hands over a step's lines at a time, each with its end, and waits until they are taken before it reads on: who takes them slowly
  /// slows the reading, and no more than a step is held. Throws what `write` throws, ``ExportError``, ``ArchiveError`` or
  /// `PostgresError`.
  public func stream(_ write: ([UInt8]) async throws -> Void) async throws {
    if let header = format.header { try await write(Array("\(header)\n".utf8)) }
    try await pass(progress: { _, _ in }) { rows in
      guard !rows.isEmpty else { return }
      var piece: [UInt8] = []
      for row in rows {
        piece += try row.decode("line", as: String.self).utf8
        piece.append(UInt8(ascii: "\n"))
      }
      try await write(piece)
    }
  }

  /// Shard after shard, step after step. Returns how many events were walked.
  @discardableResult
  private func pass(
    progress: @Sendable (Int64, Int64) -> Void, _ body: (Rows) async throws -> Void
  ) async throws -> Int64 {
    let heads = try await heads()
    let total = heads.reduce(0) { $0 + $1.position }
    var walked: Int64 = 0
    for head in heads {
      var after: Int64 = 0
      while let (end, rows) = try await rows(of: head, after: after) {
        try await body(rows)
        progress(walked + end, total)
        after = end
      }
      walked += head.position
    }
    return walked
  }

  private func heads() async throws -> [(shard: Int, position: Int64)] {
    let rows = try await pool.query(
      Query(
        """
        SELECT shard, last_position FROM log.heads
        WHERE $1::uuid IS NULL OR shard = log.shard_of($1)
        ORDER BY shard
        """, [filter.accountID]))
    let heads = try rows.map {
      (shard: try $0.decode("shard", as: Int.self), position: try $0.decode("last_position", as: Int64.self))
    }
    guard let shard else { return heads }
    let known = try await pool.query("SELECT FROM log.heads WHERE shard = \(shard)")
    guard !known.isEmpty else { throw ExportError.unknownShard(shard) }
    return heads.filter { $0.shard == shard }
  }

  /// Those of the next step, and where it ends.
  private func rows(of head: (shard: Int, position: Int64), after: Int64) async throws -> (end: Int64, rows: Rows)? {
    try await walk.step(head.shard, after: after, upto: head.position, most: step) { connection, end in
      try await connection.query(query(head.shard, after: after, upto: end.position), deadline: .seconds(600))
    }.map { ($0.end.position, $0.value) }
  }

  private func query(_ shard: Int, after: Int64, upto: Int64) -> Query {
    let stretch: [any PostgresEncodable] = [Int32(shard), after, upto]
    let filters: [any PostgresEncodable] = [filter.accountID, filter.projectID, filter.from, filter.to]
    return switch format {
    case .batches: Query("SELECT line FROM log.export_batches($1, $2, $3)", stretch)
    case .cloudevents:
      Query(
        "SELECT line FROM log.export_cloudevents($1, $2, $3, $4, $5, $6, $7, $8)", stretch + filters + [filter.type])
    case .csv: Query("SELECT line FROM log.export_csv($1, $2, $3, $4, $5, $6, $7)", stretch + filters)
    }
  }
}
