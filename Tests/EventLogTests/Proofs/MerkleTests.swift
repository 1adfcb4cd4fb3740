import TestDatabase
import Testing

@testable import EventLog

/// Against the vectors of the RFC's reference implementations, and against the RFC's own definitions on random trees.
@Suite struct MerkleTests {
  /// All nodes that the first `size` leaves complete, from nothing but the leaves.
  private func nodes(of leaves: [[UInt8]]) -> [TreeNode: MerkleHash] {
    var nodes: [TreeNode: MerkleHash] = [:]
    for (index, leaf) in leaves.enumerated() { nodes[TreeNode(level: 0, index: Int64(index))] = .leaf(leaf) }
    var level = 0
    while leaves.count >> (level + 1) > 0 {
      for index in 0..<Int64(leaves.count >> (level + 1)) {
        guard let left = nodes[TreeNode(level: level, index: index * 2)],
          let right = nodes[TreeNode(level: level, index: index * 2 + 1)]
        else { continue }
        nodes[TreeNode(level: level + 1, index: index)] = .node(left, right)
      }
      level += 1
    }
    return nodes
  }

  @Test func nodesAndRootsAreThosePublished() {
    let nodes = nodes(of: MerkleVectors.leaves)
    for (level, published) in MerkleVectors.nodes.enumerated() {
      for (index, hash) in published.enumerated() {
        #expect(nodes[TreeNode(level: level, index: Int64(index))] == hash, "level \(level), index \(index)")
      }
    }
    var tree = MerkleAccumulator()
    for (size, root) in MerkleVectors.roots.enumerated() {
      #expect(tree.root == root, "built leaf by leaf, \(size) leaves")
      #expect((0..<Int64(size)).hash(nodes) == root, "joined from subtrees, \(size) leaves")
      if size < 8 { tree.append(MerkleVectors.leaves[size]) }
    }
  }

  @Test func inclusionProofsAreThosePublishedAndNoOthersAreTaken() {
    let nodes = nodes(of: MerkleVectors.leaves)
    for (index, size, published) in MerkleVectors.inclusion {
      let proof = MerkleProof.inclusion(of: index, in: size).compactMap { $0.hash(nodes) }
      #expect(proof == published, "leaf \(index) of \(size)")
      let (leaf, root) = (MerkleHash.leaf(MerkleVectors.leaves[Int(index)]), MerkleVectors.roots[Int(size)])
      func holds(
        _ leaf: MerkleHash, _ index: Int64, _ root: MerkleHash, _ size: Int64, _ proof: [MerkleHash]
      ) -> Bool { MerkleVerifier.isIncluded(leaf, at: index, in: root, size: size, proof: proof) }
      #expect(holds(leaf, index, root, size, proof))
      // What the reference implementation tries to be taken in by.
      for wrong in [index - 1, index + 1, index ^ 2] { #expect(!holds(leaf, wrong, root, size, proof)) }
      if size > 1 { for wrong in [size * 2, size / 2] { #expect(!holds(leaf, index, root, wrong, proof)) } }
      #expect(!holds(MerkleVectors.other, index, root, size, proof))
      #expect(!holds(leaf, index, MerkleVectors.other, size, proof))
      #expect(!holds(leaf, index, .emptyTree, size, proof))
      for wrong in wrongProofs(of: proof, root) { #expect(!holds(leaf, index, root, size, wrong)) }
    }
  }

  @Test func consistencyProofsAreThosePublishedAndNoOthersAreTaken() {
    let nodes = nodes(of: MerkleVectors.leaves)
    for (smaller, larger, published) in MerkleVectors.consistency {
      let proof = MerkleProof.consistency(from: smaller, to: larger).compactMap { $0.hash(nodes) }
      #expect(proof == published, "\(smaller) to \(larger)")
      let (old, new) = (MerkleVectors.roots[Int(smaller)], MerkleVectors.roots[Int(larger)])
      func holds(
        _ smaller: Int64, _ old: MerkleHash, _ larger: Int64, _ new: MerkleHash, _ proof: [MerkleHash]
      ) -> Bool { MerkleVerifier.isConsistent(from: smaller, old, to: larger, new, proof: proof) }
      #expect(holds(smaller, old, larger, new, proof))
      guard !proof.isEmpty else { continue }
      for wrong in [smaller - 1, smaller + 1, smaller ^ 2] { #expect(!holds(wrong, old, larger, new, proof)) }
      for wrong in [larger * 2, larger / 2] { #expect(!holds(smaller, old, wrong, new, proof)) }
      #expect(!holds(smaller, MerkleVectors.other, larger, new, proof))
      #expect(!holds(smaller, old, larger, MerkleVectors.other, proof))
      #expect(!holds(smaller, new, larger, old, proof))
      for wrong in wrongProofs(of: proof, old) + wrongProofs(of: proof, new) + [[]] {
        #expect(!holds(smaller, old, larger, new, wrong))
      }
    }
    #expect(!MerkleVerifier.isConsistent(from: 2, .emptyTree, to: 1, .emptyTree, proof: []))
  }

  @Test(arguments: 0..<20) func proofsOfRandomTreesAreThoseOfTheDefinition(seed: Int) {
    var random = Seeded(seed)
    let count = Int.random(in: 1...200, using: &random)
    let leaves = (0..<count).map { _ in (0..<Int.random(in: 0...40, using: &random)).map { UInt8($0) } }
    let nodes = nodes(of: leaves)
    let root = NaiveMerkle.root(leaves[...])
    #expect((0..<Int64(count)).hash(nodes) == root)
    #expect(leaves.reduce(into: MerkleAccumulator()) { $0.append($1) }.root == root)
    for _ in 0..<20 {
      let index = Int.random(in: 0..<count, using: &random)
      let proof = MerkleProof.inclusion(of: Int64(index), in: Int64(count)).compactMap { $0.hash(nodes) }
      #expect(proof == NaiveMerkle.path(index, leaves[...]))
      #expect(proof.count <= 8, "2^8 is more than 200")
      #expect(
        MerkleVerifier.isIncluded(.leaf(leaves[index]), at: Int64(index), in: root, size: Int64(count), proof: proof))

      let smaller = Int.random(in: 1...count, using: &random)
      let old = NaiveMerkle.root(leaves[..<smaller])
      let steps = MerkleProof.consistency(from: Int64(smaller), to: Int64(count)).compactMap { $0.hash(nodes) }
      #expect(steps == NaiveMerkle.subproof(smaller, leaves[...]))
      #expect(
        MerkleVerifier.isConsistent(from: Int64(smaller), old, to: Int64(count), root, proof: steps))
    }
  }

  private func wrongProofs(of proof: [MerkleHash], _ root: MerkleHash) -> [[MerkleHash]] {
    var wrong = [proof + [root], [root] + proof]
    for place in proof.indices {
      var bytes = proof[place].bytes
      bytes[0] ^= 8
      var bent = proof
      bent[place] = MerkleHash(bytes) ?? .emptyTree
      wrong.append(bent)
    }
    if !proof.isEmpty { wrong.append(proof.dropLast()) }
    if proof.count > 1 { wrong.append([proof[0], MerkleVectors.other] + proof.dropFirst()) }
    return wrong
  }
}
