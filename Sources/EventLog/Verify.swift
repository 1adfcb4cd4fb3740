import Foundation
public import Postgres

/// Walks the hash chain of every shard (promise 6), and the versions of every domain stream along it.
///
/// 1. The heads are read: where each shard's log ends.
/// 2. The chain is walked in steps (`SQL/290_chain_end.sql`), each recomputed in the database (`SQL/300_verify.sql`).
/// 3. Meanwhile the events of the step before are held against their schemas (``SchemaCheck``).
/// 4. The end of the walk is held against the head: a log cut off at its end is a chain in order.
/// 5. Streams are counted: 1, 2, 3, … (`SQL/305_first_bad_stream_version.sql`).
/// 6. Batches that no head reaches are looked for (`SQL/307_stray_batches.sql`).
///
/// Who may write the database can also rewrite a whole chain and its head; that shows only against a copy of its end kept elsewhere
/// (`tools/verify_log.py --expect`).
///
/// A shard's first bad batch ends its walk: what follows it proves nothing.
public struct Verify: Sendable {
  /// Connections of any role that may read the log.
  public var pool: Pool
  /// Which part of the log; all of it unless narrowed.
  public var range: VerifyRange
  /// Events a step reads: enough to keep the database busy, few enough to show progress.
  private static let step: Int64 = 50_000

  private let schemas: SchemaCheck?

  /// A verification. Without `schemas` it is of hashes, positions and versions alone.
  public init(pool: Pool, range: VerifyRange = VerifyRange(), schemas: EventSchemas? = nil) {
    self.pool = pool
    self.range = range
    self.schemas = schemas.map(SchemaCheck.init)
  }

  /// Verifies everything up to the heads as they are now. `progress` hears of events verified and events in all. Throws
  /// ``VerifyError`` for a range that the log does not have.
  public func run(progress: @Sendable (Int64, Int64) -> Void = { _, _ in }) async throws -> VerifyReport {
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
    let before = try await pool.query(
      "SELECT last_position, hash FROM log.chain_before(\(Int32(shard.shard)), \(from))")
    guard let row = before.first else { throw VerifyError.unknownShard(shard.shard) }
    var stretch = Stretch(shard: shard.shard, after: try Link(row), upto: shard.head.position, head: shard.head)
    if let to = range.to, to < shard.head.position {
      // The batch that holds it, whole.
      let holder = try await pool.query(
        "SELECT last_position FROM log.chain_end(\(Int32(shard.shard)), \(to - 1), \(shard.head.position), 0)")
      stretch.upto = try holder.first?.decode("last_position") ?? to
      stretch.head = nil
    }
    return stretch
  }

  private func verify(
    _ stretch: Stretch, progress: (Int64) -> Void
  ) async throws -> (events: Int64, fault: VerifyFault?) {
    let shard = Int32(stretch.shard)
    var link = stretch.after
    func verified() -> Int64 { link.position - stretch.after.position }
    var matching = SchemaCheck.Pending(check: schemas, shard: stretch.shard)
    defer { matching.cancel() }
    while let next = try await pool.query(
      "SELECT last_position, hash FROM log.chain_end(\(shard), \(link.position), \(stretch.upto), \(Self.step))"
    ).first.map(Link.init) {
      let bad = try await pool.query(
        """
        SELECT first_position, last_position, reason
        FROM log.first_bad_batch(\(shard), \(link.position), \(next.position), \(link.hash))
        """, deadline: .seconds(600))
      let units = try await matching.units(pool, after: link.position, upto: next.position)
      // What is wrong with the step before comes first.
      if let fault = try await matching.fault(pool) { return (fault.firstPosition - 1 - stretch.after.position, fault) }
      if let row = bad.first { return (verified(), try VerifyFault(row, shard: stretch.shard)) }
      matching.begin(units)
      link = next
      progress(verified())
    }
    if let fault = try await matching.fault(pool) { return (fault.firstPosition - 1 - stretch.after.position, fault) }
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
}
