/// A value on its way to the server.
public struct Parameter: Sendable, Hashable {
  /// How the bytes are to be read.
  public enum Format: Int32, Sendable {
    /// As psql would show it.
    case text = 0
    /// As the type's `recv` function reads it.
    case binary = 1
  }

  /// The type's oid; 0 lets the server infer it from the statement.
  public var type: UInt32
  /// How the bytes are to be read.
  public var format: Format
  /// The value; nil is NULL.
  public var bytes: [UInt8]?

  /// A parameter of this type.
  public init(type: UInt32, format: Format, bytes: [UInt8]?) {
    self.type = type
    self.format = format
    self.bytes = bytes
  }

  /// NULL of this type.
  public static func null(type: UInt32) -> Parameter { Parameter(type: type, format: .binary, bytes: nil) }
}

extension Parameter: PostgresEncodable {
  /// Itself.
  public var parameter: Parameter { self }
}

/// What a statement can take as a parameter.
public protocol PostgresEncodable: Sendable {
  /// The type's oid, which NULL needs too; 0 lets the server infer it.
  static var parameterType: UInt32 { get }
  /// The value for the server.
  var parameter: Parameter { get }
}

extension PostgresEncodable {
  /// Left to the server.
  public static var parameterType: UInt32 { 0 }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  /// That of the wrapped type.
  public static var parameterType: UInt32 { Wrapped.parameterType }
  /// Nil is NULL.
  public var parameter: Parameter { self?.parameter ?? .null(type: Wrapped.parameterType) }
}
