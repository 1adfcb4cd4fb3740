/// JSON as text, sent as jsonb and read from json, jsonb or text. Not parsed here.
package struct JSONB: Sendable, Hashable {
  /// UTF-8.
  package var bytes: [UInt8]

  /// From UTF-8.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }
  /// From a string.
  package init(_ string: String) { bytes = Array(string.utf8) }
  /// As a string.
  package var string: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSONB: PostgresEncodable, PostgresDecodable {
  /// jsonb
  package static var parameterType: UInt32 { 3802 }
  /// As text: the binary form is the same text after a version byte.
  package var parameter: Parameter { Parameter(type: Self.parameterType, format: .text, bytes: bytes) }
  /// The text of the cell.
  package static func decode(_ cell: Cell) throws -> JSONB { try cell.withText { JSONB(Array($0)) } }
}
