import Foundation
package import Postgres

/// Walks the hash chain of every shard (promise 6), and the versions of every domain stream along it.
///
/// 1. The heads are read: where each shard's log ends.
/// 2. The chain is walked in steps (``LogWalk``), each recomputed in the database (`SQL/objects/proofs/first_bad_batch.sql`). Archived months are read from
///    their files, and what the database keeps of them held against those (`SQL/objects/proofs/first_bad_copy.sql`).
/// 3. Meanwhile the events of the step before are held against their schemas (``SchemaCheck``).
/// 4. The end of the walk is held against the head: a log cut off at its end is a chain in order.
/// 5. Streams are counted: 1, 2, 3, … (`SQL/objects/proofs/first_bad_stream_version.sql`).
/// 6. Batches that no head reaches are looked for (`SQL/objects/proofs/stray_batches.sql`).
///
/// Who may write the database can also rewrite a whole chain and its head; that shows only against a checkpoint kept elsewhere
/// (``CheckpointCheck``).
///
/// A shard's first bad batch ends its walk: what follows it proves nothing.
package struct Verify: Sendable {
  /// Connections of any role that may read the log.
  package var pool: Pool
  /// Which part of the log; all of it unless narrowed.
  package var range: VerifyRange
  /// Events a step reads: enough to keep the database busy, few enough to show progress.
  private static let step: Int64 = 50_000

  private let schemas: SchemaCheck?
  private let walk: LogWalk

  /// A verification. Without `schemas` it is of hashes, positions and versions alone; `archive` is where months lie that have left the
  /// database.
  package init(
    pool: Pool, range: VerifyRange = VerifyRange(), schemas: EventSchemas? = nil, archive: ArchiveReader? = nil
  ) {
    self.pool = pool
    self.range = range
    self.schemas = schemas.map(SchemaCheck.init)
    walk = LogWalk(pool: pool, archive: archive)
  }

  /// Verifies everything up to the heads as they are now. `progress` hears of events verified and events in all. Throws
  /// ``VerifyError`` for a range that the log does not have.
  package func run(progress: @Sendable (Int64, Int64) -> Void = { _, _ in }) async throws -> VerifyReport {
    var stretches: [Stretch] = []
    for head in try await heads() { stretches.append(try await stretch(of: head)) }
    let total = stretches.reduce(0) { $0 + $1.count }
    var report = VerifyReport()
    if range.shard == nil { report.faults = try await strays() }
    for stretch in stretches {
      let before = report.events
      let (verified, fault) = try await verify(stretch) { progress(before + $0, total) }
      report.events += verified
      if let fault { report.faults.append(fault) }
    }
    return report
  }

  /// What is walked of a shard: from the link that its first batch hangs on.
  private struct Stretch {
    var shard: Int
    var after: Link
    var upto: Int64
    /// What the last batch must be; nil where the walk ends before the log does.
    var head: Link?
    var count: Int64 { max(0, upto - after.position) }
  }

  private struct Link: Equatable {
    let position: Int64
    let hash: [UInt8]

    init(_ row: Row) throws {
      position = try row.decode("last_position")
      hash = try row.decode("hash")
    }

    /// What the first batch hangs on.
    static let start = Link(position: 0, hash: [UInt8](repeating: 0, count: 32))

    private init(position: Int64, hash: [UInt8]) { (self.position, self.hash) = (position, hash) }

    init(_ end: LogWalk.End) { (position, hash) = (end.position, end.hash) }
  }

  private func heads() async throws -> [(shard: Int, head: Link)] {
    let rows = try await pool.query("SELECT shard, last_position, last_hash AS hash FROM log.heads ORDER BY shard")
    let heads = try rows.map { (shard: try $0.decode("shard", as: Int.self), head: try Link($0)) }
    guard let shard = range.shard else { return heads }
    let chosen = heads.filter { $0.shard == shard }
    if chosen.isEmpty { throw VerifyError.unknownShard(shard) }
    return chosen
  }

  /// Read in one statement, whose snapshot has each append's batch and head or neither.
  private func strays() async throws -> [VerifyFault] {
    let rows = try await pool.query(
      "SELECT shard, first_position, last_position, reason FROM log.stray_batches()", deadline: .seconds(600))
    return try rows.map { try VerifyFault($0, shard: try $0.decode("shard")) }
  }

  private func stretch(of shard: (shard: Int, head: Link)) async throws -> Stretch {
    let from = range.from ?? 1
    if from > 1, from > shard.head.position {
      throw VerifyError.beyondTheEnd(shard: shard.shard, from: from, end: shard.head.position)
    }
    let after = from > 1 ? try await link(before: from, of: shard.shard) : .start
    var stretch = Stretch(shard: shard.shard, after: after, upto: shard.head.position, head: shard.head)
    if let to = range.to, to < shard.head.position {
      // The batch that holds it, whole.
      let holder = try await walk.step(shard.shard, after: to - 1, upto: shard.head.position, most: 0) { $1.position }
      stretch.upto = holder?.value ?? to
      stretch.head = nil
    }
    return stretch
  }

  private func link(before position: Int64, of shard: Int) async throws -> Link {
    try await walk.transaction(shard, after: position - 1) { connection, _ in
      let rows = try await connection.query(
        "SELECT last_position, hash FROM log.chain_before(\(Int32(shard)), \(position))")
      guard let row = rows.first else { throw VerifyError.unknownShard(shard) }
      return try Link(row)
    }
  }

  private func verify(
    _ stretch: Stretch, progress: (Int64) -> Void
  ) async throws -> (events: Int64, fault: VerifyFault?) {
    let shard = Int32(stretch.shard)
    var link = stretch.after
    func verified() -> Int64 { link.position - stretch.after.position }
    var matching = SchemaCheck.Pending(check: schemas, shard: stretch.shard)
    defer { matching.cancel() }
    do {
      while let step = try await step(of: stretch, after: link, matching) {
        // What is wrong with the step before comes first.
        if let fault = try await matching.fault(walk) {
          return (fault.firstPosition - 1 - stretch.after.position, fault)
        }
        if let fault = step.fault { return (verified(), fault) }
        matching.begin(step.units)
        link = step.end
        progress(verified())
      }
      if let fault = try await matching.fault(walk) { return (fault.firstPosition - 1 - stretch.after.position, fault) }
    } catch let error as ArchiveError {
      // Other shards' files may be whole.
      return (verified(), .unreadable(shard: stretch.shard, after: link.position, upto: stretch.upto, error))
    }
    if let head = stretch.head, link != head {
      return (verified(), .cutOff(shard: stretch.shard, at: link.position, head: head.position))
    }
    let version = try await pool.query(
      """
      SELECT first_position, last_position, reason
      FROM log.first_bad_stream_version(\(shard), \(stretch.after.position), \(link.position))
      """, deadline: .seconds(600))
    return (verified(), try version.first.map { try VerifyFault($0, shard: stretch.shard) })
  }

  /// What a step found.
  private struct Step: Sendable {
    let end: Link
    let fault: VerifyFault?
    /// To be held against their schemas.
    let units: Rows?
  }

  private func step(of stretch: Stretch, after link: Link, _ matching: SchemaCheck.Pending) async throws -> Step? {
    try await walk.step(stretch.shard, after: link.position, upto: stretch.upto, most: Self.step) { connection, end in
      Step(
        end: Link(end), fault: try await Self.fault(of: stretch.shard, after: link, end, connection),
        units: try await matching.units(connection, after: link.position, upto: end.position))
    }?.value
  }

  private static nonisolated(nonsending) func fault(
    of shard: Int, after link: Link, _ end: LogWalk.End, _ connection: Connection
  ) async throws -> VerifyFault? {
    var bad = try await connection.query(
      """
      SELECT first_position, last_position, reason
      FROM log.first_bad_batch(\(Int32(shard)), \(link.position), \(end.position), \(link.hash))
      """, deadline: .seconds(600))
    if bad.isEmpty, end.isArchived {
      bad = try await connection.query(
        """
        SELECT first_position, last_position, reason
        FROM log.first_bad_copy(\(Int32(shard)), \(link.position), \(end.position))
        """, deadline: .seconds(600))
    }
    return try bad.first.map { try VerifyFault($0, shard: shard) }
  }
}
