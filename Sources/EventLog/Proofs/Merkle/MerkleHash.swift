import Crypto
import Foundation

/// The hash of a node of a Merkle tree, or of a whole tree: SHA-256 as RFC 6962, 2.1 applies it. Leaves and inner nodes are hashed
/// behind different bytes, so that neither can be passed off as the other.
package struct MerkleHash: Sendable, Hashable {
  /// 32 bytes.
  package let bytes: [UInt8]

  /// From 32 bytes; nil for any other number.
  package init?(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
    guard self.bytes.count == SHA256.byteCount else { return nil }
  }

  private init(_ digest: SHA256Digest) { bytes = Array(digest) }

  /// Of a tree without leaves.
  package static let emptyTree = MerkleHash(SHA256.hash(data: []))

  /// Of a leaf with this data.
  package static func leaf(_ data: some Sequence<UInt8>) -> MerkleHash { MerkleHash(SHA256.hash(data: [0] + data)) }

  /// Of an inner node over two others.
  package static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
    MerkleHash(SHA256.hash(data: [1] + left.bytes + right.bytes))
  }
}

extension MerkleHash {
  /// As checkpoints and proofs are written: RFC 4648, section 4.
  package var base64: String { Data(bytes).base64EncodedString() }

  /// From base64; nil for what is not that of 32 bytes.
  package init?(base64: some StringProtocol) {
    guard let data = Data(base64Encoded: String(base64)) else { return nil }
    self.init(data)
  }
}
