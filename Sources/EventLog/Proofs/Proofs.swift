import Domain
package import Postgres

/// Proofs about a shard's tree, in the form in which they are given out: each complete in itself but for the public key.
package struct Proofs: Sendable {
  private let pool: Pool
  private let shard: Int
  private var tree: MerkleTree { MerkleTree(pool: pool, shard: shard) }
  private var published: PublishedCheckpoints { PublishedCheckpoints(pool: pool) }

  /// Of a shard, over connections of any role that may read the log.
  package init(pool: Pool, shard: Int) {
    self.pool = pool
    self.shard = shard
  }

  /// Which batch a proof is about.
  package enum Batch: Sendable {
    /// The one that holds this position.
    case holding(Int64)
    /// The one at this index, from 0.
    case at(Int64)
  }

  /// That a batch is part of what a checkpoint covers: the latest, or the first to cover `size` batches. Throws ``ProofError``.
  package func inclusion(of batch: Batch, size: Int64? = nil) async throws -> InclusionProof {
    let note = try await checkpoint(covering: size)
    let checkpoint = try Checkpoint(parsing: note.text)
    let leaf =
      switch batch {
      case .holding(let position): try await tree.leaf(holding: position)
      case .at(let index): try await tree.leaf(at: index)
      }
    guard let leaf, leaf.index < checkpoint.treeSize else {
      throw ProofError.notCovered(shard: shard, position: checkpoint.position, size: checkpoint.treeSize)
    }
    return InclusionProof(
      shard: shard, batch: leaf.index, firstPosition: leaf.firstPosition, lastPosition: leaf.lastPosition,
      chainHash: Hex.text(leaf.chain.bytes), treeSize: checkpoint.treeSize, rootHash: checkpoint.root.base64,
      hashes: try await tree.inclusion(of: leaf.index, in: checkpoint.treeSize).map(\.base64), checkpoint: "\(note)")
  }

  /// That the tree of `larger` batches, by default all that the latest checkpoint covers, begins with that of `smaller`.
  /// Throws ``ProofError``.
  package func consistency(from smaller: Int64, to larger: Int64? = nil) async throws -> ConsistencyProof {
    let latest = try Checkpoint(parsing: try await checkpoint(covering: nil).text)
    let larger = larger ?? latest.treeSize
    guard smaller > 0, larger <= latest.treeSize, smaller <= larger else {
      throw ProofError.notCovered(shard: shard, position: latest.position, size: latest.treeSize)
    }
    return ConsistencyProof(
      shard: shard, from: .init(treeSize: smaller, rootHash: try await tree.root(size: smaller).base64),
      to: .init(treeSize: larger, rootHash: try await tree.root(size: larger).base64),
      hashes: try await tree.consistency(from: smaller, to: larger).map(\.base64))
  }

  private func checkpoint(covering size: Int64?) async throws -> SignedNote {
    let note =
      if let size { try await published.first(of: shard, covering: size) } else {
        try await published.latest(of: shard)
      }
    if let note { return note }
    guard let latest = try await published.latest(of: shard) else { throw ProofError.noCheckpoint(shard: shard) }
    let checkpoint = try Checkpoint(parsing: latest.text)
    throw ProofError.notCovered(shard: shard, position: checkpoint.position, size: checkpoint.treeSize)
  }
}

/// That a batch is part of the log that a checkpoint was signed for (RFC 6962, 2.1.1).
package struct InclusionProof: Sendable, Encodable {
  /// The chain.
  package var shard: Int
  /// The batch's index in the shard, from 0: the leaf's.
  package var batch: Int64
  /// Where the batch begins.
  package var firstPosition: Int64
  /// Where the batch ends.
  package var lastPosition: Int64
  /// Of the batch, hex: the leaf's data.
  package var chainHash: String
  /// Of the tree that the proof leads to.
  package var treeSize: Int64
  /// Its root, base64.
  package var rootHash: String
  /// From the leaf up, base64.
  package var hashes: [String]
  /// The signed note that says so.
  package var checkpoint: String
}

/// That one state of the log is a beginning of another (RFC 6962, 2.1.2).
package struct ConsistencyProof: Sendable, Encodable {
  /// A state of the tree.
  package struct Tree: Sendable, Encodable {
    /// Batches in it.
    package var treeSize: Int64
    /// Base64.
    package var rootHash: String
  }

  /// The chain.
  package var shard: Int
  /// The earlier state.
  package var from: Tree
  /// The later state.
  package var to: Tree
  /// Base64, in the RFC's order.
  package var hashes: [String]
}

/// Why there is no such proof.
package enum ProofError: Error, Equatable, CustomStringConvertible {
  /// None has been made yet.
  case noCheckpoint(shard: Int)
  /// What is asked for lies outside what the latest checkpoint covers.
  case notCovered(shard: Int, position: Int64, size: Int64)

  /// Says what to do.
  package var description: String {
    switch self {
    case .noCheckpoint(let shard):
      "shard \(shard) has no checkpoint yet: `recount audit checkpoint` makes one, and so does the schedule within minutes"
    case .notCovered(let shard, let position, let size):
      "the latest checkpoint of shard \(shard) covers the batches 0 to \(size - 1), positions 1 to \(position), which is what "
        + "can be proven: ask for those, or for a checkpoint later on"
    }
  }
}
