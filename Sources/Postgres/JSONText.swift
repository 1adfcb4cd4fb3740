/// JSON as text, sent as jsonb and read from json, jsonb or text. Not parsed here.
public struct JSONText: Sendable, Hashable {
  /// UTF-8.
  public var bytes: [UInt8]

  /// From UTF-8.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }
  /// From a string.
  public init(_ string: String) { bytes = Array(string.utf8) }
  /// As a string.
  public var string: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSONText: PostgresEncodable, PostgresDecodable {
  /// jsonb
  public static var parameterType: UInt32 { 3802 }
  /// As text: the binary form is the same text after a version byte.
  public var parameter: Parameter { Parameter(type: Self.parameterType, format: .text, bytes: bytes) }
  /// The text of the cell.
  public static func decode(_ cell: Cell) throws -> JSONText { try cell.withText { JSONText(Array($0)) } }
}
