/// A value on its way to the server.
package struct Parameter: Sendable, Hashable {
  /// How the bytes are to be read.
  package enum Format: Int32, Sendable {
    /// As psql would show it.
    case text = 0
    /// As the type's `recv` function reads it.
    case binary = 1
  }

  /// The type's oid; 0 lets the server infer it from the statement.
  package var type: UInt32
  /// How the bytes are to be read.
  package var format: Format
  /// The value; nil is NULL.
  package var bytes: [UInt8]?

  /// A parameter of this type.
  package init(type: UInt32, format: Format, bytes: [UInt8]?) {
    self.type = type
    self.format = format
    self.bytes = bytes
  }

  /// NULL of this type.
  package static func null(type: UInt32) -> Parameter { Parameter(type: type, format: .binary, bytes: nil) }
}

extension Parameter: PostgresEncodable {
  /// Itself.
  package var parameter: Parameter { self }
}

/// What a statement can take as a parameter.
package protocol PostgresEncodable: Sendable {
  /// The type's oid, which NULL needs too; 0 lets the server infer it.
  static var parameterType: UInt32 { get }
  /// The value for the server.
  var parameter: Parameter { get }
}

extension PostgresEncodable {
  /// Left to the server.
  package static var parameterType: UInt32 { 0 }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  /// That of the wrapped type.
  package static var parameterType: UInt32 { Wrapped.parameterType }
  /// Nil is NULL.
  package var parameter: Parameter { self?.parameter ?? .null(type: Wrapped.parameterType) }
}
