import Crypto

/// What rows of a series are told apart by: a text, known by its hash wherever many are told apart.
package enum SeriesLabel {
  /// Of what has no label of its own, because a block has all it may have; and of a series that tells nothing apart.
  package static let rest: Int64 = 0

  /// The first 63 bits of the text's SHA-256; ``rest`` of the empty text. Whoever looks for two texts of one hash tries some billions, and
  /// has then mixed two labels of his own.
  package static func hash(_ text: some Sequence<UInt8>) -> Int64 {
    let bytes = Array(text)
    guard !bytes.isEmpty else { return rest }
    let digest = SHA256.hash(data: bytes).withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
    return max(1, Int64(digest >> 1))
  }
}

/// A label's text on its way to its number. Hashed as a whole: an array hashes its elements one by one, which took a fold longer than all
/// else.
package struct LabelBytes: Hashable, Sendable {
  private let bytes: [UInt8]

  /// Of UTF-8.
  package init(bytes: [UInt8]) { self.bytes = bytes }

  package func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
}
