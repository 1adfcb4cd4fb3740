/// The tree over leaves that come one after another, in memory that grows with its height alone: what stands complete at the right edge.
package struct MerkleAccumulator: Sendable {
  /// Leaves so far.
  package private(set) var size: Int64 = 0
  /// One complete subtree for each bit of `size` that is set, the largest first.
  private var subtrees: [MerkleHash] = []

  /// The empty tree.
  package init() {}

  /// Adds a leaf with this data.
  package mutating func append(_ data: some Sequence<UInt8>) {
    var joined = MerkleHash.leaf(data)
    for _ in 0..<(~size).trailingZeroBitCount {
      if let left = subtrees.popLast() { joined = .node(left, joined) }
    }
    subtrees.append(joined)
    size += 1
  }

  /// The hash of the tree.
  package var root: MerkleHash {
    guard var joined = subtrees.last else { return .emptyTree }
    for left in subtrees.dropLast().reversed() { joined = .node(left, joined) }
    return joined
  }
}
