package import Foundation

extension String: PostgresScalar {
  /// Left to the server: a text may stand for a uuid, an enum or jsonb where the statement says so. Where nothing says it
  /// (`jsonb_build_object`), write `\(value)::text`.
  package static var parameterType: UInt32 { 0 }
  /// text
  package static var elementType: UInt32 { 25 }
  /// text[]
  package static var arrayType: UInt32 { 1009 }
  /// From the text of any type.
  package init?(postgresText text: UnsafeRawBufferPointer) { self.init(decoding: text, as: UTF8.self) }
  /// UTF-8.
  package func appendBinary(to bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }
  /// As text, since only text can become any type.
  package var parameter: Parameter { Parameter(type: Self.parameterType, format: .text, bytes: Array(utf8)) }
}

extension UUID: PostgresScalar {
  /// uuid
  package static var parameterType: UInt32 { 2950 }
  /// uuid[]
  package static var arrayType: UInt32 { 2951 }
  /// Sixteen bytes.
  package func appendBinary(to bytes: inout [UInt8]) { withUnsafeBytes(of: uuid) { bytes.append(contentsOf: $0) } }

  /// From 32 hex digits and four hyphens.
  package init?(postgresText text: UnsafeRawBufferPointer) {
    guard text.count == 36 else { return nil }
    var uuid: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    let isValid = withUnsafeMutableBytes(of: &uuid) { bytes in
      var place = 0
      for index in bytes.indices {
        if [8, 13, 18, 23].contains(place) {
          guard text[place] == UInt8(ascii: "-") else { return false }
          place += 1
        }
        guard let byte = Hex.byte(text[place], text[place + 1]) else { return false }
        bytes[index] = byte
        place += 2
      }
      return true
    }
    guard isValid else { return nil }
    self.init(uuid: uuid)
  }
}

/// Bytes in hexadecimal.
enum Hex {
  static func byte(_ high: UInt8, _ low: UInt8) -> UInt8? {
    guard let high = digit(high), let low = digit(low) else { return nil }
    return high << 4 | low
  }

  private static func digit(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
