/// What makes an array of it a PostgreSQL value. `[UInt8]` is a bytea, all others are arrays.
package protocol PostgresArrayElement: Sendable {
  /// The oid of the whole.
  static var wholeType: UInt32 { get }
  /// All of them for the server.
  static func parameter(of elements: [Self]) -> Parameter
  /// All of them from one cell.
  static func decodeArray(_ cell: Cell) throws -> [Self]
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
  /// The oid of the whole.
  package static var parameterType: UInt32 { Element.wholeType }
  /// In binary.
  package var parameter: Parameter { Element.parameter(of: self) }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
  /// From one cell. Throws for NULL, for NULL elements, for more than one dimension and for other types.
  package static func decode(_ cell: Cell) throws -> [Element] { try Element.decodeArray(cell) }
}

extension PostgresScalar where Self: PostgresArrayElement {
  /// The oid of the array type.
  package static var wholeType: UInt32 { arrayType }

  /// As `array_recv` reads it.
  package static func parameter(of elements: [Self]) -> Parameter {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(20 + elements.count * 20)
    let dimensions: Int32 = elements.isEmpty ? 0 : 1
    bytes.append(bigEndian: dimensions)
    bytes.append(bigEndian: 0 as Int32)  // no NULLs
    bytes.append(bigEndian: elementType)
    guard dimensions > 0 else { return Parameter(type: arrayType, format: .binary, bytes: bytes) }
    bytes.append(bigEndian: Int32(elements.count))
    bytes.append(bigEndian: 1 as Int32)  // lower bound
    for element in elements {
      let place = bytes.count
      bytes.append(bigEndian: 0 as Int32)
      element.appendBinary(to: &bytes)
      let length = Int32(bytes.count - place - 4).bigEndian
      Swift.withUnsafeBytes(of: length) { bytes.replaceSubrange(place..<place + 4, with: $0) }
    }
    return Parameter(type: arrayType, format: .binary, bytes: bytes)
  }

  /// From an array's text.
  package static func decodeArray(_ cell: Cell) throws -> [Self] {
    try cell.withText { text in
      var reader = ArrayReader(text: text)
      guard let elements = reader.read(Self.self) else { throw cell.mismatch([Self].self) }
      return elements
    }
  }
}

extension Int: PostgresArrayElement {}
extension Int32: PostgresArrayElement {}
extension Int64: PostgresArrayElement {}
extension Double: PostgresArrayElement {}
extension Bool: PostgresArrayElement {}
extension String: PostgresArrayElement {}

extension UInt8: PostgresArrayElement {
  /// bytea
  package static var wholeType: UInt32 { 17 }
  /// As they are.
  package static func parameter(of elements: [UInt8]) -> Parameter {
    Parameter(type: wholeType, format: .binary, bytes: elements)
  }

  /// The bytes of a bytea; of any other type, its text in UTF-8.
  package static func decodeArray(_ cell: Cell) throws -> [UInt8] {
    try cell.withText { text in
      guard cell.type == wholeType else { return Array(text) }
      guard let bytes = Bytes(postgresText: text) else { throw cell.mismatch([UInt8].self) }
      return bytes.bytes
    }
  }
}
