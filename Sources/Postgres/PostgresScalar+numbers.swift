extension Int: PostgresScalar {
  /// bigint
  package static var parameterType: UInt32 { 20 }
  /// bigint[]
  package static var arrayType: UInt32 { 1016 }
  /// From digits that fit.
  package init?(postgresText text: UnsafeRawBufferPointer) { self.init(digits: text) }
  /// Eight bytes.
  package func appendBinary(to bytes: inout [UInt8]) { bytes.append(bigEndian: Int64(self)) }
}

extension Int64: PostgresScalar {
  /// bigint
  package static var parameterType: UInt32 { 20 }
  /// bigint[]
  package static var arrayType: UInt32 { 1016 }
  /// From digits that fit.
  package init?(postgresText text: UnsafeRawBufferPointer) { self.init(digits: text) }
  /// Eight bytes.
  package func appendBinary(to bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Int32: PostgresScalar {
  /// integer
  package static var parameterType: UInt32 { 23 }
  /// integer[]
  package static var arrayType: UInt32 { 1007 }
  /// From digits that fit.
  package init?(postgresText text: UnsafeRawBufferPointer) { self.init(digits: text) }
  /// Four bytes.
  package func appendBinary(to bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Double: PostgresScalar {
  /// double precision
  package static var parameterType: UInt32 { 701 }
  /// double precision[]
  package static var arrayType: UInt32 { 1022 }
  /// From any number's text, numeric included, to the nearest double.
  package init?(postgresText text: UnsafeRawBufferPointer) { self.init(String(decoding: text, as: UTF8.self)) }
  /// Eight bytes, IEEE 754.
  package func appendBinary(to bytes: inout [UInt8]) { bytes.append(bigEndian: bitPattern) }
}

extension Bool: PostgresScalar {
  /// boolean
  package static var parameterType: UInt32 { 16 }
  /// boolean[]
  package static var arrayType: UInt32 { 1000 }
  /// From `t` or `f`.
  package init?(postgresText text: UnsafeRawBufferPointer) {
    guard text.count == 1, text[0] == UInt8(ascii: "t") || text[0] == UInt8(ascii: "f") else { return nil }
    self = text[0] == UInt8(ascii: "t")
  }
  /// One byte.
  package func appendBinary(to bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
}

extension FixedWidthInteger where Self: SignedInteger {
  /// From ASCII digits: `Int(_: String)` would build a String first. Nil when there are none, too many, or others.
  init?(digits text: some Collection<UInt8>) {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = isNegative ? text.dropFirst() : text[...]
    guard !digits.isEmpty else { return nil }
    var value: Self = 0
    for byte in digits {
      let digit = byte &- UInt8(ascii: "0")
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
      // Downwards, because the least number has no positive counterpart.
      let (next, further) = scaled.subtractingReportingOverflow(Self(truncatingIfNeeded: digit))
      guard digit <= 9, !overflow, !further else { return nil }
      value = next
    }
    guard !isNegative else {
      self = value
      return
    }
    let (positive, overflow) = (0 as Self).subtractingReportingOverflow(value)
    guard !overflow else { return nil }
    self = positive
  }
}
