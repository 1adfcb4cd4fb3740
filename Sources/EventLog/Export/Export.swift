package import Postgres

/// Writes out the log, for whoever wants to check or use it elsewhere.
///
/// 1. The shards' ends are read once: what is appended during the export is not part of it.
/// 2. Each shard is walked in steps that end with a batch (``LogWalk``), through archived months too, and of a step no more lines are
///    taken at a time than a few megabytes hold: memory grows neither with the log nor with what its events hold.
/// 3. The lines of a step are made in SQL, one function per format (`SQL/objects/export/`), in order of position: two exports of the same log
///    are the same, byte for byte.
package struct Export: Sendable {
  /// Connections of any role that may read the log.
  package var pool: Pool
  /// What is written.
  package var format: ExportFormat
  /// What of the log.
  package var filter: ExportFilter
  /// One shard; nil for all.
  package var shard: Int?
  private let walk: LogWalk
  /// Events a step reads: some 2 MB of text, of real logs.
  var step: Int64 = 5_000
  /// Bytes of lines that are taken at a time, if not a single line has more: they are held three times on their way out.
  var pieceBytes: Int64 = 2 << 20
  /// How long a step's statement may take.
  package var deadline = Duration.seconds(600)

  /// An export. `archive` is where months lie that have left the database. Throws ``ExportError`` when the format can't hold what is
  /// asked for.
  package init(
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

  /// Where an export stands: it can be held as long as a client takes, and costs nothing meanwhile.
  package struct Place: Sendable {
    fileprivate var heads: ArraySlice<Head>
    /// The batch that the last step ended with.
    fileprivate var after: Int64 = 0
    /// Lines of the step after it that have been given.
    fileprivate var given: Int64 = 0
    /// Events walked, and in all.
    fileprivate(set) var walked: Int64 = 0
    fileprivate let total: Int64
  }

  fileprivate struct Head: Sendable {
    let shard: Int
    let position: Int64
  }

  /// Hands over the lines, each without its end. `progress` hears of events walked and events in all. Returns how many lines
  /// there were, the header not counted, and how many events were walked for them. Throws what `write` throws, ``ExportError``,
  /// ``ArchiveError`` or `PostgresError`.
  package func run(
    progress: @Sendable (Int64, Int64) -> Void = { _, _ in }, write: (String) throws -> Void
  ) async throws -> (lines: Int, walked: Int64) {
    if let header = format.header { try write(header) }
    var lines = 0
    var place = try await start()
    while let (rows, next) = try await rows(at: place) {
      for row in rows { try write(row.decode("line")) }
      lines += rows.count
      place = next
      progress(place.walked, place.total)
    }
    return (lines, place.walked)
  }

  /// Where it begins. Throws ``ExportError`` or `PostgresError`.
  package func start() async throws -> Place {
    let heads = try await heads()
    return Place(heads: heads[...], total: heads.reduce(0) { $0 + $1.position })
  }

  /// What comes before all lines, with its end; empty in the formats that have no such thing.
  package var opening: [UInt8] { format.header.map { Array("\($0)\n".utf8) } ?? [] }

  /// The next lines, each with its end, and where the export stands after them; nil at its end. There may be none in a stretch of the log
  /// that holds nothing of what is asked for. Throws ``ArchiveError`` or `PostgresError`.
  package func piece(at place: Place) async throws -> (bytes: [UInt8], next: Place)? {
    guard let (rows, next) = try await rows(at: place) else { return nil }
    var bytes: [UInt8] = []
    for row in rows {
      try row.withText("line") { bytes += $0 }
      bytes.append(UInt8(ascii: "\n"))
    }
    return (bytes, next)
  }

  private func heads() async throws -> [Head] {
    let rows = try await pool.query(
      Query(
        """
        SELECT shard, last_position FROM log.heads
        WHERE $1::uuid IS NULL OR shard = log.shard_of($1)
        ORDER BY shard
        """, [filter.accountID]))
    let heads = try rows.map { Head(shard: try $0.decode("shard"), position: try $0.decode("last_position")) }
    guard let shard else { return heads }
    let known = try await pool.query("SELECT FROM log.heads WHERE shard = \(shard)")
    guard !known.isEmpty else { throw ExportError.unknownShard(shard) }
    return heads.filter { $0.shard == shard }
  }

  /// Lines of the step that the place is in, and the place after them; nil at the end.
  private func rows(at place: Place) async throws -> (Rows, Place)? {
    var next = place
    while let head = next.heads.first {
      let (after, given) = (next.after, next.given)
      let step = try await walk.step(head.shard, after: after, upto: head.position, most: step) { connection, end in
        try await connection.query(
          query(head.shard, after: after, upto: end.position, given: given), deadline: deadline)
      }
      guard let step else {
        next.heads.removeFirst()
        (next.after, next.given) = (0, 0)
        continue
      }
      let left = try step.value.first?.decode("lines", as: Int64.self) ?? 0
      if left > step.value.count {
        next.given += Int64(step.value.count)
      } else {
        next.walked += step.end.position - after
        (next.after, next.given) = (step.end.position, 0)
      }
      return (step.value, next)
    }
    return nil
  }

  /// The lines of a step after those given, as many as make up a piece, and how many there are in all.
  private func query(_ shard: Int, after: Int64, upto: Int64, given: Int64) -> Query {
    let stretch: [any PostgresEncodable] = [given, pieceBytes, Int32(shard), after, upto]
    let filters: [any PostgresEncodable] = [filter.accountID, filter.projectID, filter.from, filter.to]
    return switch format {
    case .batches: Query(Self.piece(of: "log.export_batches($3, $4, $5)"), stretch)
    case .cloudevents:
      Query(
        Self.piece(of: "log.export_cloudevents($3, $4, $5, $6, $7, $8, $9, $10)"), stretch + filters + [filter.type])
    case .csv: Query(Self.piece(of: "log.export_csv($3, $4, $5, $6, $7, $8, $9)"), stretch + filters)
    }
  }

  private static func piece(of lines: StaticString) -> String {
    """
    SELECT p.line, p.lines
    FROM (
      SELECT l.line, l.place, count(*) OVER () AS lines,
        sum(octet_length(l.line)) OVER (ORDER BY l.place) - octet_length(l.line) AS before
      FROM \(lines) WITH ORDINALITY AS l (line, place)
      WHERE l.place > $1
    ) AS p
    WHERE p.before < $2
    ORDER BY p.place
    """
  }
}
