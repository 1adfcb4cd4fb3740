public import Foundation

// Fixed-width types go over in binary, which neither side has to parse; texts are the same in both formats.

extension FixedWidthInteger {
  fileprivate var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}

extension Int: PostgresEncodable {
  /// bigint
  public static var postgresType: UInt32 { 20 }
  /// As bigint.
  public var parameter: Parameter { Int64(self).parameter }
}

extension Int64: PostgresEncodable {
  /// bigint
  public static var postgresType: UInt32 { 20 }
  /// As bigint.
  public var parameter: Parameter { Parameter(type: 20, format: .binary, bytes: bigEndianBytes) }
}

extension Int32: PostgresEncodable {
  /// integer
  public static var postgresType: UInt32 { 23 }
  /// As integer.
  public var parameter: Parameter { Parameter(type: 23, format: .binary, bytes: bigEndianBytes) }
}

extension Double: PostgresEncodable {
  /// double precision
  public static var postgresType: UInt32 { 701 }
  /// As double precision.
  public var parameter: Parameter { Parameter(type: 701, format: .binary, bytes: bitPattern.bigEndianBytes) }
}

extension Bool: PostgresEncodable {
  /// boolean
  public static var postgresType: UInt32 { 16 }
  /// As boolean.
  public var parameter: Parameter { Parameter(type: 16, format: .binary, bytes: [self ? 1 : 0]) }
}

extension String: PostgresEncodable {
  /// text
  public static var postgresType: UInt32 { 25 }
  /// As text. A NUL in it is refused by the server with SQLSTATE 22021.
  public var parameter: Parameter { Parameter(type: 25, format: .binary, bytes: Array(utf8)) }
}

extension UUID: PostgresEncodable {
  /// uuid
  public static var postgresType: UInt32 { 2950 }
  /// As uuid.
  public var parameter: Parameter {
    Parameter(type: 2950, format: .binary, bytes: withUnsafeBytes(of: uuid) { Array($0) })
  }
}

extension Date: PostgresEncodable {
  /// timestamptz
  public static var postgresType: UInt32 { 1184 }
  /// As timestamptz, whole microseconds from 2000-01-01.
  public var parameter: Parameter {
    let microseconds = Int64((timeIntervalSince1970 * 1_000_000).rounded()) - Self.postgresEpochMicroseconds
    return Parameter(type: 1184, format: .binary, bytes: microseconds.bigEndianBytes)
  }
  static let postgresEpochMicroseconds: Int64 = 946_684_800_000_000
}

extension [UInt8]: PostgresEncodable {
  /// bytea
  public static var postgresType: UInt32 { 17 }
  /// As bytea.
  public var parameter: Parameter { Parameter(type: 17, format: .binary, bytes: self) }
}

/// A JSON document in UTF-8, bound as jsonb.
public struct JSONText: PostgresEncodable {
  let bytes: [UInt8]

  /// From bytes that are JSON; the server refuses others with SQLSTATE 22P02.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// jsonb
  public static var postgresType: UInt32 { 3802 }
  /// As jsonb: version 1, then the text.
  public var parameter: Parameter { Parameter(type: 3802, format: .binary, bytes: [1] + bytes) }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  /// The wrapped type's.
  public static var postgresType: UInt32 { Wrapped.postgresType }
  /// NULL of the wrapped type, or the value.
  public var parameter: Parameter { self?.parameter ?? Parameter(type: Wrapped.postgresType, bytes: nil) }
}
