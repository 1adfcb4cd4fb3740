/// U+FEFF at the start of a text in UTF-8, which some programs write before every file. It says nothing, and whoever takes text in passes
/// over it (RFC 8259, section 8.1, allows that).
package enum ByteOrderMark {
  /// In UTF-8.
  package static let bytes: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// How many bytes of a text's start it takes: three or none.
  package static func length(in text: some Sequence<UInt8>) -> Int { text.starts(with: bytes) ? bytes.count : 0 }
}
