package import Foundation

/// Writes JSON values as bytes: whatever here is written as JSON without an encoder of Foundation's is written by it.
package enum JSONText {
  /// The inside of a JSON string. Escapes what must be escaped, as PostgreSQL's jsonb prints it. U+0000, which jsonb
  /// refuses, is for the caller to keep out.
  package static func append(_ text: String, to output: inout [UInt8]) {
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      while start < bytes.count {
        let end = PlainText.end(in: bytes, from: start)
        output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<end]))
        start = end
        while start < bytes.count, needsCare(bytes[start]) {
          append(escaped: bytes[start], to: &output)
          start += 1
        }
      }
    }
  }

  private static func needsCare(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func append(escaped byte: UInt8, to output: inout [UInt8]) {
    switch byte {
    case 0x80...: output.append(byte)
    case UInt8(ascii: "\""): output.append("\\\"")
    case UInt8(ascii: "\\"): output.append("\\\\")
    case 0x08: output.append("\\b")
    case 0x09: output.append("\\t")
    case 0x0A: output.append("\\n")
    case 0x0C: output.append("\\f")
    case 0x0D: output.append("\\r")
    default:
      output.append("\\u00")
      Hex.append(byte, to: &output)
    }
  }

  /// A text within its quotes.
  package static func append(quoted text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    append(text, to: &output)
    output.append(UInt8(ascii: "\""))
  }

  /// An id within quotes.
  package static func append(_ id: UUID, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    UUIDText.append(id, to: &output)
    output.append(UInt8(ascii: "\""))
  }

  /// An integer.
  package static func append(_ number: Int64, to output: inout [UInt8]) {
    if number < 0 { output.append(UInt8(ascii: "-")) }
    append(digitsOf: number.magnitude, to: &output)
  }

  /// A number of millionths, such as nanoseconds as milliseconds, without trailing zeros.
  static func append(millionths: Int64, to output: inout [UInt8]) {
    if millionths < 0 { output.append(UInt8(ascii: "-")) }
    let (whole, rest) = millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    append(digitsOf: whole, to: &output)
    guard rest > 0 else { return }
    output.append(UInt8(ascii: "."))
    var left = rest
    var place: UInt64 = 100_000
    while left > 0 {
      output.append(UInt8(left / place) + 0x30)
      left %= place
      place /= 10
    }
  }

  /// The same as text.
  package static func decimal(millionths: Int64) -> String {
    var text: [UInt8] = []
    append(millionths: millionths, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  private static func append(digitsOf number: UInt64, to output: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
      var left = number
      var start = 20
      repeat {
        start -= 1
        buffer[start] = UInt8(left % 10) + 0x30
        left /= 10
      } while left > 0
      output.append(contentsOf: buffer[start...])
    }
  }
}
