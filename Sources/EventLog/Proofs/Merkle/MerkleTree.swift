package import Postgres

/// A shard's Merkle tree as `log.tree` keeps it (`SQL/steps/080_tree.sql`): roots and proofs of any size up to what it holds, each in one
/// query for some log₂(n)² / 2 nodes at most.
package struct MerkleTree: Sendable {
  private let pool: Pool
  private let shard: Int

  /// A shard's tree, over connections of any role that may read the log.
  package init(pool: Pool, shard: Int) {
    self.pool = pool
    self.shard = shard
  }

  /// A batch as a leaf.
  package struct Leaf: Sendable, Equatable {
    /// From 0.
    package var index: Int64
    /// Where the batch begins.
    package var firstPosition: Int64
    /// Where the batch ends.
    package var lastPosition: Int64
    /// The batch's chain hash: the leaf's data.
    package var chain: MerkleHash
  }

  /// The leaf of the batch that holds a position; nil where the tree does not go so far.
  package func leaf(holding position: Int64) async throws -> Leaf? {
    let rows = try await pool.query(
      """
      SELECT index FROM log.tree
      WHERE shard = \(Int32(shard)) AND level = 0 AND last_position >= \(position)
      ORDER BY last_position LIMIT 1
      """)
    guard position > 0, let row = rows.first else { return nil }
    return try await leaf(at: row.decode("index"))
  }

  /// A leaf by its index; nil where the tree does not go so far.
  package func leaf(at index: Int64) async throws -> Leaf? {
    let rows = try await pool.query(
      """
      SELECT index, last_position, hash FROM log.tree
      WHERE shard = \(Int32(shard)) AND level = 0 AND index BETWEEN \(index) - 1 AND \(index)
      ORDER BY index
      """)
    guard let own = rows.last, try own.decode("index", as: Int64.self) == index else { return nil }
    let before = rows.count == 2 ? try rows[0].decode("last_position", as: Int64.self) : 0
    guard let chain = MerkleHash(try own.decode("hash", as: [UInt8].self)) else { throw missing }
    return Leaf(
      index: index, firstPosition: before + 1, lastPosition: try own.decode("last_position"), chain: chain)
  }

  /// The root over the first `size` leaves. Throws ``MerkleTreeError`` where the tree does not go so far.
  package func root(size: Int64) async throws -> MerkleHash { try await hashes(of: [0..<size])[0] }

  /// That a leaf is in the tree of `size` leaves: hashes from the leaf up. Needs 0 ≤ index < size.
  package func inclusion(of index: Int64, in size: Int64) async throws -> [MerkleHash] {
    try await hashes(of: MerkleProof.inclusion(of: index, in: size))
  }

  /// That the tree of `larger` leaves begins with that of `smaller`. Needs 0 < smaller ≤ larger.
  package func consistency(from smaller: Int64, to larger: Int64) async throws -> [MerkleHash] {
    try await hashes(of: MerkleProof.consistency(from: smaller, to: larger))
  }

  private func hashes(of ranges: [Range<Int64>]) async throws -> [MerkleHash] {
    let wanted = ranges.flatMap(\.subtrees)
    let rows = try await pool.query(
      """
      SELECT t.level, t.index, t.hash
      FROM unnest(\(wanted.map { Int32($0.level) })::integer[], \(wanted.map(\.index))::bigint[]) AS w (level, index)
      JOIN log.tree AS t ON t.shard = \(Int32(shard)) AND t.level = w.level AND t.index = w.index
      """)
    var nodes: [TreeNode: MerkleHash] = [:]
    for row in rows {
      let node = TreeNode(level: try row.decode("level"), index: try row.decode("index"))
      let stored = try row.decode("hash", as: [UInt8].self)
      nodes[node] = node.level == 0 ? .leaf(stored) : MerkleHash(stored)
    }
    return try ranges.map { range in
      guard let hash = range.hash(nodes) else { throw missing }
      return hash
    }
  }

  private var missing: MerkleTreeError { .missingNodes(shard: shard) }
}

/// Why a tree can't answer.
package enum MerkleTreeError: Error, Equatable, CustomStringConvertible {
  /// Nodes are not there: the tree does not go so far, or was damaged.
  case missingNodes(shard: Int)

  /// Says what to do.
  package var description: String {
    switch self {
    case .missingNodes(let shard):
      "nodes of the Merkle tree of shard \(shard) are missing: ask for no more than the latest checkpoint covers; `recount audit "
        + "verify` tells whether the tree was damaged"
    }
  }
}
