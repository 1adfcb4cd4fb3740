package import Postgres

/// Holds the log against checkpoints that someone saved: was anything that they cover changed, or has it vanished?
///
/// 1. The links of each shard's chain are read in order, through archived months too (``LogWalk``), and built into a tree of this
///    program's own making, nothing of `log.tree`.
/// 2. Where a checkpoint's size is reached, position, chain hash and root must be what it says.
/// 3. Several checkpoints of a shard close in on the fault: what the last good one covers is as it was.
///
/// That the links are those of the batches is ``Verify``'s to say; together they prove every event.
package struct CheckpointCheck: Sendable {
  private let walk: LogWalk
  /// Events a step reads, of which it takes their batches' links alone.
  private static let step: Int64 = 200_000

  /// Over connections of any role that may read the log; `archive` is where months lie that have left the database.
  package init(pool: Pool, archive: ArchiveReader? = nil) { walk = LogWalk(pool: pool, archive: archive) }

  /// The first thing wrong with each shard.
  package func run(_ checkpoints: [Checkpoint]) async throws -> [VerifyFault] {
    var faults: [VerifyFault] = []
    let shards = Dictionary(grouping: checkpoints, by: \.shard)
    for (shard, checkpoints) in shards.sorted(by: { $0.key < $1.key }) {
      if let fault = try await fault(of: shard, checkpoints.sorted { $0.treeSize < $1.treeSize }) {
        faults.append(fault)
      }
    }
    return faults
  }

  private func fault(of shard: Int, _ checkpoints: [Checkpoint]) async throws -> VerifyFault? {
    var tree = MerkleAccumulator()
    var end = Int64(0)
    var chain: [UInt8] = Array(repeating: 0, count: 32)
    var good: Checkpoint?
    var due = checkpoints[...]
    func judge() -> VerifyFault? {
      while let next = due.first, next.treeSize == tree.size {
        guard next.position == end, next.chain.bytes == chain, next.root == tree.root else {
          return .writtenAnew(next, after: good)
        }
        good = next
        due.removeFirst()
      }
      return nil
    }
    if let fault = judge() { return fault }
    while !due.isEmpty {
      guard let links = try await links(of: shard, after: end) else {
        return due.first.map { .cutOff($0, size: tree.size, end: end) }
      }
      for link in links {
        (end, chain) = (try link.decode("last_position"), try link.decode("hash"))
        tree.append(chain)
        if let fault = judge() { return fault }
      }
    }
    return nil
  }

  /// Those of the next step; nil at the log's end.
  private func links(of shard: Int, after: Int64) async throws -> Rows? {
    try await walk.step(shard, after: after, upto: Int64.max, most: Self.step) { connection, end in
      try await connection.query(
        """
        SELECT last_position, hash FROM log.batches_at_hand
        WHERE shard = \(Int32(shard)) AND last_position > \(after) AND last_position <= \(end.position)
        ORDER BY last_position
        """, deadline: .seconds(600))
    }?.value
  }
}

extension VerifyFault {
  fileprivate static func writtenAnew(_ checkpoint: Checkpoint, after good: Checkpoint?) -> VerifyFault {
    let held = good.map { "; up to the checkpoint of \($0.timeText), position \($0.position), it is as it was" } ?? ""
    return VerifyFault(
      shard: checkpoint.shard, firstPosition: (good?.position ?? 0) + 1, lastPosition: checkpoint.position,
      reason:
        "they are not what the checkpoint of \(checkpoint.timeText) was signed for: the log up to there was written anew"
        + held)
  }

  fileprivate static func cutOff(_ checkpoint: Checkpoint, size: Int64, end: Int64) -> VerifyFault {
    VerifyFault(
      shard: checkpoint.shard, firstPosition: end + 1, lastPosition: max(checkpoint.position, end + 1),
      reason: "the log ends at position \(end), batch \(size), but the checkpoint of \(checkpoint.timeText) covers "
        + "\(checkpoint.treeSize) batches up to position \(checkpoint.position): its end was cut off")
  }
}

extension Checkpoint {
  /// When it was signed, RFC 3339.
  package var timeText: String { text.split(separator: "\n").last.map { String($0.dropFirst("time ".count)) } ?? "" }
}
