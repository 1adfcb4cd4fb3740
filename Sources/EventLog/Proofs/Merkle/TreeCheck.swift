import Domain
package import Postgres

/// Whether the Merkle trees that proofs are made from, and the checkpoints that were published, are those of the log.
package struct TreeCheck: Sendable {
  private let pool: Pool

  /// Over connections of any role that may read the log.
  package init(pool: Pool) { self.pool = pool }

  /// What is wrong with the trees and checkpoints of these shards, all of them when none is given. Beside faults of the log itself:
  /// a shard that has one is passed over, for whatever its tree does not match is that fault seen again.
  package func run(shard: Int? = nil, beside known: [VerifyFault] = []) async throws -> [VerifyFault] {
    let bad = Set(known.map(\.shard))
    let rows = try await pool.query("SELECT DISTINCT shard FROM log.checkpoints ORDER BY shard")
    let shards = try rows.map { try $0.decode("shard", as: Int.self) }
      .filter { !bad.contains($0) && (shard == nil || $0 == shard) }
    var faults: [VerifyFault] = []
    for shard in shards {
      let found = try await pool.query(
        "SELECT first_position, last_position, reason FROM log.tree_faults(\(Int32(shard)))", deadline: .seconds(600))
      faults += try found.map { try VerifyFault($0, shard: shard) }
      if found.isEmpty { faults += try await unsupported(of: shard) }
    }
    return faults
  }

  /// The first checkpoint that the tree does not bear out.
  private func unsupported(of shard: Int) async throws -> [VerifyFault] {
    let tree = MerkleTree(pool: pool, shard: shard)
    var good: Int64 = 0
    for checkpoint in try await PublishedCheckpoints(pool: pool).all(of: shard) where checkpoint.treeSize > 0 {
      let leaf = try await tree.leaf(at: checkpoint.treeSize - 1)
      guard let leaf, (leaf.lastPosition, leaf.chain) == (checkpoint.position, checkpoint.chain),
        try await tree.root(size: checkpoint.treeSize) == checkpoint.root
      else {
        return [
          VerifyFault(
            shard: shard, firstPosition: min(good.addingSaturating(1), checkpoint.position),
            lastPosition: checkpoint.position,
            reason: "the checkpoint published at \(checkpoint.timeText) is not of this log")
        ]
      }
      good = checkpoint.position
    }
    return []
  }
}
