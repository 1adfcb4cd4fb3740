/// What was proven about a tree: checks by hashes alone, for whoever holds a root and no log (RFC 9162, 2.1.3.2 and 2.1.4.2, whose trees
/// are those of RFC 6962).
package enum MerkleVerifier {
  /// Whether the proof leads from a leaf's hash to the root of a tree of this size.
  package static func isIncluded(
    _ leaf: MerkleHash, at index: Int64, in root: MerkleHash, size: Int64, proof: [MerkleHash]
  ) -> Bool {
    guard index >= 0, index < size else { return false }
    var (node, last) = (index, size - 1)
    var hash = leaf
    for sibling in proof {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        hash = .node(sibling, hash)
        // At the right edge the tree has no sibling on some levels.
        while node & 1 == 0, node > 0 { (node, last) = (node >> 1, last >> 1) }
      } else {
        hash = .node(hash, sibling)
      }
      (node, last) = (node >> 1, last >> 1)
    }
    return last == 0 && hash == root
  }

  /// Whether the proof shows that the larger tree begins with the smaller one.
  package static func isConsistent(
    from smaller: Int64, _ smallerRoot: MerkleHash, to larger: Int64, _ largerRoot: MerkleHash, proof: [MerkleHash]
  ) -> Bool {
    guard smaller >= 0, smaller <= larger else { return false }
    if smaller == larger { return proof.isEmpty && smallerRoot == largerRoot }
    // Every tree begins with the empty one.
    if smaller == 0 { return proof.isEmpty && smallerRoot == .emptyTree }
    // A smaller tree that is one complete subtree is its own first hash.
    let path = smaller & (smaller - 1) == 0 ? [smallerRoot] + proof : proof
    guard let first = path.first else { return false }
    var (node, last) = (smaller - 1, larger - 1)
    while node & 1 == 1 { (node, last) = (node >> 1, last >> 1) }
    var (old, new) = (first, first)
    for hash in path.dropFirst() {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        (old, new) = (.node(hash, old), .node(hash, new))
        while node & 1 == 0, node > 0 { (node, last) = (node >> 1, last >> 1) }
      } else {
        new = .node(new, hash)
      }
      (node, last) = (node >> 1, last >> 1)
    }
    return last == 0 && old == smallerRoot && new == largerRoot
  }
}
