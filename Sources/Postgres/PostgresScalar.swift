/// A single value that also comes in arrays.
///
/// Parameters go in binary, results come as text. Measured over a local socket on 2 cores with prepared statements, see
/// `Rows`: binary results would save nothing that the round trip doesn't hide, and jsonb, numeric and enums are text at heart.
package protocol PostgresScalar: PostgresEncodable, PostgresDecodable {
  /// The oid of its array type.
  static var arrayType: UInt32 { get }
  /// The oid that elements of an array have.
  static var elementType: UInt32 { get }
  /// From the server's text. Nil for text of another type.
  init?(postgresText text: UnsafeRawBufferPointer)
  /// Appends what the type's `recv` function reads.
  func appendBinary(to bytes: inout [UInt8])
}

extension PostgresScalar {
  /// The oid that elements of an array have.
  package static var elementType: UInt32 { parameterType }

  /// In binary.
  package var parameter: Parameter {
    var bytes: [UInt8] = []
    appendBinary(to: &bytes)
    return Parameter(type: Self.parameterType, format: .binary, bytes: bytes)
  }

  /// From one cell. Throws for NULL and for other types.
  package static func decode(_ cell: Cell) throws -> Self {
    try cell.withText { text in
      guard let value = Self(postgresText: text) else { throw cell.mismatch(Self.self) }
      return value
    }
  }
}

extension [UInt8] {
  mutating func append(bigEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
