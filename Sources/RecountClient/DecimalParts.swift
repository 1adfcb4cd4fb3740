/// A decimal number read from text without rounding: significand / 10^scale.
struct DecimalParts {
  private(set) var significand: Int64 = 0
  private(set) var scale = 0

  /// Reads JSON's number grammar (RFC 8259, section 6), leading zeros allowed. `nil` for other text, for what 64 bits
  /// don't hold, and for exponents beyond ±40, which no response time needs.
  init?(_ text: ArraySlice<UInt8>) {
    var rest = text
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest.removeFirst() }
    guard let whole = readDigits(&rest), whole > 0 else { return nil }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard let fraction = readDigits(&rest), fraction > 0 else { return nil }
      scale = fraction
    }
    if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      guard let exponent = Int(String(decoding: rest, as: UTF8.self)), (-40...40).contains(exponent) else { return nil }
      scale -= exponent
    } else if !rest.isEmpty {
      return nil
    }
    guard scale <= 60 else { return nil }
    if isNegative { significand.negate() }
  }

  /// Takes digits off the front and into the significand; their number, or nil when they overflow it.
  private mutating func readDigits(_ rest: inout ArraySlice<UInt8>) -> Int? {
    var count = 0
    while let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      let (product, overflow) = significand.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
      if overflow || carry { return nil }
      significand = sum
      count += 1
      rest.removeFirst()
    }
    return count
  }
}
