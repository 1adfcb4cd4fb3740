/// A complete subtree: 2^level leaves, from index · 2^level on. Once its leaves are there it never changes.
package struct TreeNode: Sendable, Hashable {
  /// 0 for a leaf.
  package var level: Int
  /// From the left, among those of its level.
  package var index: Int64

  /// A subtree.
  package init(level: Int, index: Int64) {
    self.level = level
    self.index = index
  }
}

extension Range<Int64> {
  /// The complete subtrees that make up a range of leaves, from left to right, the largest first. For the ranges that proofs
  /// consist of, which begin where a subtree at least as large as they are begins.
  var subtrees: [TreeNode] {
    var nodes: [TreeNode] = []
    var start = lowerBound
    while start < upperBound {
      let level = Int64.bitWidth - 1 - (upperBound - start).leadingZeroBitCount
      nodes.append(TreeNode(level: level, index: start >> Int64(level)))
      start += 1 << Int64(level)
    }
    return nodes
  }

  /// The hash of a range of leaves from those of its subtrees (RFC 6962, 2.1): the smaller right ones are joined first. Nil where a
  /// subtree is missing; the empty tree's for no leaves.
  func hash(_ nodes: [TreeNode: MerkleHash]) -> MerkleHash? {
    var joined: MerkleHash?
    for node in subtrees.reversed() {
      guard let left = nodes[node] else { return nil }
      joined = joined.map { .node(left, $0) } ?? left
    }
    return isEmpty ? .emptyTree : joined
  }
}
