package import Domain
import Postgres

/// A timestamptz, exactly.
extension Instant: PostgresScalar {
  /// timestamptz
  package static var parameterType: UInt32 { TimestampTZ.parameterType }
  /// timestamptz[]
  package static var arrayType: UInt32 { TimestampTZ.arrayType }

  /// Eight bytes.
  package func appendBinary(to bytes: inout [UInt8]) {
    TimestampTZ(microseconds: microseconds).appendBinary(to: &bytes)
  }

  /// From a timestamptz in ISO style.
  package init?(postgresText text: UnsafeRawBufferPointer) {
    guard let time = TimestampTZ(postgresText: text) else { return nil }
    self.init(microseconds: time.microseconds)
  }
}

extension Instant: PostgresArrayElement {}
