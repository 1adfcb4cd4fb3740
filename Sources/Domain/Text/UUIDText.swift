package import Foundation

/// UUIDs (RFC 9562) in their one textual form: 8-4-4-4-12 hexadecimal digits, read in either case, written in lower case.
package enum UUIDText {
  static let allowed = "a UUID such as 0193e7a4-5b6c-7d8e-9f01-23456789abcd"

  /// As the API, the log and PostgreSQL write it. Foundation's `uuidString` is in capitals and goes through printf, ten times slower.
  package static func append(_ id: UUID, to text: inout [UInt8]) {
    withUnsafeBytes(of: id.uuid) { bytes in
      for (index, byte) in bytes.enumerated() {
        if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
        Hex.append(byte, to: &text)
      }
    }
  }

  /// Of any version; nil for what is none.
  package static func uuid(_ text: UnsafeBufferPointer<UInt8>) -> UUID? {
    guard text.count == 36 else { return nil }
    var bytes: (UInt64, UInt64) = (0, 0)
    for index in 0..<36 {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard text[index] == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = ASCII.hexValue(text[index]) else { return nil }
      bytes.0 = bytes.0 << 4 | bytes.1 >> 60
      bytes.1 = bytes.1 << 4 | UInt64(digit)
    }
    return withUnsafeBytes(of: (bytes.0.bigEndian, bytes.1.bigEndian)) { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
  }
}
