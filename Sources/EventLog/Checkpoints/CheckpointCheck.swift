public import Postgres

/// Holds the log against checkpoints that someone saved: was anything that they cover changed, or has it vanished?
///
/// 1. The links of each shard's chain are read in order and built into a tree of this program's own making, nothing of `log.tree`.
/// 2. Where a checkpoint's size is reached, position, chain hash and root must be what it says.
/// 3. Several checkpoints of a shard close in on the place: what the last good one covers is as it was.
///
/// That the links are those of the batches is ``Verify``'s to say; together they prove every event.
public struct CheckpointCheck: Sendable {
  private let pool: Pool
  /// Links read at a time: 2 MB.
  private static let step: Int32 = 20_000

  /// Over connections of any role that may read the log.
  public init(pool: Pool) { self.pool = pool }

  /// The first thing wrong with each shard.
  public func run(_ checkpoints: [Checkpoint]) async throws -> [VerifyFault] {
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
      let links = try await pool.query(
        "SELECT last_position, hash FROM log.batch_links(\(Int32(shard)), \(end), \(Self.step))")
      for link in links {
        (end, chain) = (try link.decode("last_position"), try link.decode("hash"))
        tree.append(chain)
        if let fault = judge() { return fault }
      }
      if links.isEmpty { return due.first.map { .cutOff($0, size: tree.size, end: end) } }
    }
    return nil
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
  public var timeText: String { text.split(separator: "\n").last.map { String($0.dropFirst("time ".count)) } ?? "" }
}
