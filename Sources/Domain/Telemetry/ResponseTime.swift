/// Reads a JSON number of milliseconds as whole nanoseconds, exactly, without going through binary fractions.
enum ResponseTime {
  /// Nanoseconds, rounded half to even, or nil when the number is negative or beyond 10^18. `-0` is 0. The token must be
  /// a JSON number. A bound is compared with the rounded value.
  static func nanoseconds(_ number: UnsafeBufferPointer<UInt8>) -> Int64? {
    let mantissa = number.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? number.count
    // A millisecond is 10^6 nanoseconds: the point moves six places to the right.
    var place = 6 + exponent(number[min(mantissa + 1, number.count)...])
    var point = mantissa
    var digits = 0
    for index in 0..<mantissa {
      if number[index] == UInt8(ascii: ".") { point = index } else if ASCII.isDigit(number[index]) { digits += 1 }
    }
    let sign = number[0] == UInt8(ascii: "-") ? 1 : 0
    place += point - sign
    guard let value = rounded(number[sign..<mantissa], digits: digits, keeping: place) else { return nil }
    let isNegative = sign == 1 && number[..<mantissa].contains { ASCII.isDigit($0) && $0 != UInt8(ascii: "0") }
    return isNegative ? nil : value
  }

  /// Clamped: beyond ±9,999 the value is 0 or too large, for a mantissa is at most 1,024 bytes long.
  private static func exponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    var magnitude = 0
    for byte in text where ASCII.isDigit(byte) { magnitude = min(magnitude * 10 + Int(byte - 0x30), 9_999) }
    return text.first == UInt8(ascii: "-") ? -magnitude : magnitude
  }

  /// The first `place` digits as an integer (zeros following when there are fewer), rounded by those that are left.
  private static func rounded(
    _ mantissa: Slice<UnsafeBufferPointer<UInt8>>, digits: Int, keeping place: Int
  ) -> Int64? {
    var value: Int64 = 0
    var seen = 0
    var firstLeft: UInt8 = 0
    var isBeyondHalf = false
    for byte in mantissa where ASCII.isDigit(byte) {
      let digit = byte - 0x30
      if seen < place {
        guard value < 100_000_000_000_000_000 else { return nil }
        value = value * 10 + Int64(digit)
      } else if seen == place {
        firstLeft = digit
      } else if digit > 0 {
        isBeyondHalf = true
      }
      seen += 1
    }
    while seen < place, value > 0 {
      guard value < 100_000_000_000_000_000 else { return nil }
      value *= 10
      seen += 1
    }
    // With the point left of the first digit, what is left starts with a zero.
    let isHalf = place >= 0 && firstLeft == 5
    let roundsUp = place >= 0 && firstLeft > 5 || isHalf && (isBeyondHalf || value % 2 == 1)
    return roundsUp ? value + 1 : value
  }
}
