import Domain

@testable import EventLog

/// Test vectors of RFC 6962's reference implementations: the eight leaves, their nodes and the proofs that
/// certificate-transparency's Merkle tests had, as kept in github.com/transparency-dev/merkle: testonly/constants.go,
/// testonly/reference_test.go and proof/verify_test.go.
enum MerkleVectors {
  static let leaves: [[UInt8]] = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
  ].compactMap { Hex.bytes($0) }

  /// The complete subtrees, level by level from the leaves.
  static let nodes: [[MerkleHash]] = [
    [
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
      "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
      "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
      "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
    ],
    [
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    ],
    [
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    ["5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"],
  ].map { $0.map(hash) }

  /// Of the trees of 0 to 8 leaves.
  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ].map(hash)

  /// Leaf, size, and the nodes (level, index) that the published proof consists of.
  static let inclusion: [(index: Int64, size: Int64, proof: [MerkleHash])] = [
    (0, 1, []), (0, 2, [nodes[0][1]]), (1, 2, [nodes[0][0]]), (2, 3, [nodes[1][0]]),
    (1, 5, [nodes[0][0], nodes[1][1], nodes[0][4]]), (0, 8, [nodes[0][1], nodes[1][1], nodes[2][1]]),
    (5, 8, [nodes[0][4], nodes[1][3], nodes[2][0]]),
  ]

  /// The smaller size, the larger, and the proof.
  static let consistency: [(smaller: Int64, larger: Int64, proof: [MerkleHash])] = [
    (1, 1, []), (1, 8, [nodes[0][1], nodes[1][1], nodes[2][1]]), (2, 5, [nodes[1][1], nodes[0][4]]),
    (6, 7, [nodes[1][2], nodes[0][6], nodes[2][0]]), (6, 8, [nodes[1][2], nodes[1][3], nodes[2][0]]),
  ]

  /// None of the tree's.
  static let other = hash("abacaba000000000000000000000000000000000000000000060061e00123456")

  private static func hash(_ hex: String) -> MerkleHash { Hex.bytes(hex).flatMap { MerkleHash($0) } ?? .emptyTree }
}

/// RFC 6962, 2.1, word by word: slow, and plainly right.
enum NaiveMerkle {
  static func root(_ leaves: ArraySlice<[UInt8]>) -> MerkleHash {
    guard let first = leaves.first else { return .emptyTree }
    guard leaves.count > 1 else { return .leaf(first) }
    let middle = leaves.startIndex + half(leaves.count)
    return .node(root(leaves[..<middle]), root(leaves[middle...]))
  }

  static func path(_ m: Int, _ leaves: ArraySlice<[UInt8]>) -> [MerkleHash] {
    guard leaves.count > 1 else { return [] }
    let k = half(leaves.count)
    let middle = leaves.startIndex + k
    return m < k
      ? path(m, leaves[..<middle]) + [root(leaves[middle...])]
      : path(m - k, leaves[middle...]) + [root(leaves[..<middle])]
  }

  static func subproof(_ m: Int, _ leaves: ArraySlice<[UInt8]>, _ whole: Bool = true) -> [MerkleHash] {
    if m == leaves.count { return whole ? [] : [root(leaves)] }
    let k = half(leaves.count)
    let middle = leaves.startIndex + k
    return m <= k
      ? subproof(m, leaves[..<middle], whole) + [root(leaves[middle...])]
      : subproof(m - k, leaves[middle...], false) + [root(leaves[..<middle])]
  }

  /// The largest power of two smaller than n.
  private static func half(_ n: Int) -> Int {
    var k = 1
    while k * 2 < n { k *= 2 }
    return k
  }
}
