import Foundation

/// How a body travels: as it is where it is ASCII with lines that every server takes, so that an .eml file can be read and copied
/// from with the naked eye; else quoted-printable (RFC 2045, section 6.7).
enum BodyEncoding {
  /// The header that names the encoding, an empty line, and the body with CRLF.
  static func encode(_ body: String) -> [UInt8] {
    let lines = body.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      .utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let isPlain = lines.allSatisfy { $0.count <= longestLine && $0.allSatisfy(travelsPlainly) }
    let name = isPlain ? "7bit" : "quoted-printable"
    let encoded = isPlain ? lines.map(Array.init) : lines.map { quotedPrintable(Array($0)) }
    return Array("Content-Transfer-Encoding: \(name)\r\n\r\n".utf8) + Array(encoded.joined(separator: [13, 10]))
  }

  /// RFC 5322, section 2.1.1, without the CRLF.
  private static let longestLine = 998

  private static func travelsPlainly(_ byte: UInt8) -> Bool { byte == 9 || (0x20...0x7E).contains(byte) }

  private static func quotedPrintable(_ line: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var column = 0
    for (index, byte) in line.enumerated() {
      let isLast = index == line.count - 1
      let token = token(for: byte, isLast: isLast)
      // 76 columns, the `=` of a soft break among them.
      if column + token.count > (isLast ? 76 : 75) {
        result += Array("=\r\n".utf8)
        column = 0
      }
      result += token
      column += token.count
    }
    return result
  }

  private static func token(for byte: UInt8, isLast: Bool) -> [UInt8] {
    // White space at a line's end is what servers take away.
    let isSpace = byte == 0x20 || byte == 9
    if isSpace ? !isLast : (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=") { return [byte] }
    let digits = Array("0123456789ABCDEF".utf8)
    return [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }
}
