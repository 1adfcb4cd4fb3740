/// Which hashes a proof consists of, as the ranges of leaves that they cover (RFC 6962, 2.1.1 and 2.1.2). Where the hashes come from
/// is the caller's business: a range is at most log₂(n) complete subtrees.
enum MerkleProof {
  /// That leaf `index` is in the tree of `size` leaves. Needs 0 ≤ index < size.
  static func inclusion(of index: Int64, in size: Int64) -> [Range<Int64>] {
    var ranges: [Range<Int64>] = []
    var tree = 0..<size
    // From the root down, as proofs go from the leaf up: reversed in the end.
    while tree.count > 1 {
      let (left, right) = split(tree)
      ranges.append(left.contains(index) ? right : left)
      tree = left.contains(index) ? left : right
    }
    return ranges.reversed()
  }

  /// That the tree of `larger` leaves begins with the tree of `smaller` leaves. Needs 0 < smaller ≤ larger.
  static func consistency(from smaller: Int64, to larger: Int64) -> [Range<Int64>] {
    var ranges: [Range<Int64>] = []
    var tree = 0..<larger
    while smaller < tree.upperBound {
      let (left, right) = split(tree)
      let goesLeft = smaller <= left.upperBound
      ranges.append(goesLeft ? right : left)
      tree = goesLeft ? left : right
    }
    // What is left ends where the smaller tree does; if it is all of that tree, whoever verifies has its hash.
    if tree.lowerBound > 0 { ranges.append(tree) }
    return ranges.reversed()
  }

  /// The left part is the largest complete subtree that leaves something to the right.
  private static func split(_ tree: Range<Int64>) -> (left: Range<Int64>, right: Range<Int64>) {
    let half: Int64 = 1 << Int64(Int64.bitWidth - 1 - Int64(tree.count - 1).leadingZeroBitCount)
    let middle = tree.lowerBound + half
    return (tree.lowerBound..<middle, middle..<tree.upperBound)
  }
}
