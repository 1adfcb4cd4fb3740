/// A bytea, also in arrays, where `[UInt8]` would be an array of numbers.
package struct Bytes: Sendable, Hashable {
  /// As they are.
  package let bytes: [UInt8]

  /// Of bytes.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }
}

extension Bytes: PostgresScalar, PostgresArrayElement {
  /// bytea
  package static var parameterType: UInt32 { 17 }
  /// bytea[]
  package static var arrayType: UInt32 { 1001 }

  /// From hexadecimal digits after `\x`.
  package init?(postgresText text: UnsafeRawBufferPointer) {
    guard text.count >= 2, text.count % 2 == 0, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x") else {
      return nil
    }
    var isHex = true
    bytes = [UInt8](unsafeUninitializedCapacity: text.count / 2 - 1) { buffer, count in
      for index in 0..<text.count / 2 - 1 {
        let (high, low) = (Self.digits[Int(text[2 * index + 2])], Self.digits[Int(text[2 * index + 3])])
        isHex = isHex && high | low < 16
        buffer[index] = high << 4 | low & 15
      }
      count = text.count / 2 - 1
    }
    guard isHex else { return nil }
  }

  /// As they are.
  package func appendBinary(to output: inout [UInt8]) { output += bytes }

  /// What each byte is worth as a hexadecimal digit; 255 of what is none. Read models come this way, megabytes at a time.
  private static let digits: [UInt8] = (0...255).map { (byte: UInt8) in
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: 255
    }
  }
}
