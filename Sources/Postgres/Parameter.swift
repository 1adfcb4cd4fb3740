/// A value bound to `$n`, as it goes over the wire.
public struct Parameter: Sendable, Equatable {
  /// PostgreSQL's text or binary format.
  public enum Format: Int32, Sendable {
    case text = 0
    case binary = 1
  }

  /// The type's oid; 0 lets the server infer it.
  public var type: UInt32
  /// How `bytes` is to be read.
  public var format: Format
  /// The value; nil is NULL.
  public var bytes: [UInt8]?

  /// A parameter.
  public init(type: UInt32, format: Format = .text, bytes: [UInt8]?) {
    self.type = type
    self.format = format
    self.bytes = bytes
  }
}

/// A value that can be bound to `$n`.
public protocol PostgresEncodable: Sendable {
  /// The type bound even when the value is NULL.
  static var postgresType: UInt32 { get }
  /// The value as it goes over the wire.
  var parameter: Parameter { get }
}

extension PostgresEncodable {
  /// Inferred by the server.
  public static var postgresType: UInt32 { 0 }
}
