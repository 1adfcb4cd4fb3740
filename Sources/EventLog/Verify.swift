import Foundation
public import Postgres

/// Walks the hash chain of every shard (promise 6).
public struct Verify: Sendable {
  /// Connections of any role that may read the log.
  public var pool: Pool
  /// Events a step reads: enough to keep the database busy, few enough to show progress.
  private static let step: Int64 = 50_000

  /// A verification.
  public init(pool: Pool) { self.pool = pool }

  /// What was found.
  public struct Report: Sendable, Equatable {
    /// Events whose batches hold together.
    public var events: Int64 = 0
    /// The first bad batch of each shard that has one.
    public var faults: [Fault] = []
  }

  /// A batch that breaks its shard's chain.
  public struct Fault: Sendable, Equatable {
    /// The chain.
    public var shard: Int
    /// Its first event.
    public var firstPosition: Int64
    /// Its last event.
    public var lastPosition: Int64
    /// In words.
    public var reason: String
  }

  /// Verifies everything up to the heads as they are now. `progress` hears of events verified and events in all.
  public func run(progress: @Sendable (Int64, Int64) -> Void = { _, _ in }) async throws -> Report {
    let heads = try await pool.query("SELECT shard, last_position, last_hash FROM log.heads ORDER BY shard").map {
      Head(shard: try $0.decode("shard"), position: try $0.decode("last_position"), hash: try $0.decode("last_hash"))
    }
    let total = heads.reduce(0) { $0 + $1.position }
    var report = Report()
    for head in heads {
      let before = report.events
      let (verified, fault) = try await verify(head) { progress(before + $0, total) }
      report.events += verified
      if let fault { report.faults.append(fault) }
    }
    return report
  }

  private struct Head {
    let shard: Int
    let position: Int64
    let hash: [UInt8]
  }

  private func verify(_ head: Head, progress: (Int64) -> Void) async throws -> (events: Int64, fault: Fault?) {
    var after: Int64 = 0
    var previous = [UInt8](repeating: 0, count: 32)
    while let next = try await end(of: head, after: after) {
      let bad = try await pool.query(
        """
        SELECT first_position, last_position, reason
        FROM log.first_bad_batch(\(Int32(head.shard)), \(after), \(next.position), \(previous))
        """, deadline: .seconds(600))
      if let row = bad.first {
        let fault = Fault(
          shard: head.shard, firstPosition: try row.decode("first_position"),
          lastPosition: try row.decode("last_position"), reason: try row.decode("reason"))
        return (after, fault)
      }
      (after, previous) = (next.position, next.hash)
      progress(after)
    }
    // A log cut off at its end is a chain in order; only what stands outside it can tell.
    guard after == head.position, previous == head.hash else {
      return (
        after,
        Fault(
          shard: head.shard, firstPosition: after + 1, lastPosition: head.position,
          reason:
            "the log ends at position \(after), but its head says \(head.position): its end was cut off or replaced")
      )
    }
    return (after, nil)
  }

  private func end(of head: Head, after: Int64) async throws -> (position: Int64, hash: [UInt8])? {
    let row = try await pool.query(
      """
      SELECT last_position, hash FROM log.batches
      WHERE shard = \(Int32(head.shard)) AND last_position <= \(head.position) AND last_position > \(after)
        AND last_position <= greatest(\(after) + \(Self.step), (
          SELECT min(b.last_position) FROM log.batches AS b
          WHERE b.shard = \(Int32(head.shard)) AND b.last_position > \(after)))
      ORDER BY last_position DESC LIMIT 1
      """
    ).first
    return try row.map { (try $0.decode("last_position"), try $0.decode("hash")) }
  }
}
