/// The times that Recount reckons with: the years 1970 to 9999 (UTC).
///
/// Whatever comes from outside is held to them once, where it comes in. So PostgreSQL has a timestamp, and JSON a text, for each.
package enum Era {
  /// From the first to the last microsecond.
  package static let instants: ClosedRange<Instant> = .epoch...Instant(microseconds: 253_402_300_799_999_999)
  /// What an error says is allowed.
  package static let allowed = "from 1970-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z"
}

extension FixedWidthInteger {
  /// The nearest number that there is: 0 for NaN, and for what lies beyond an end that end. `Int64(_:)` would end the process.
  package init(saturating value: Double) {
    if let exact = Self(exactly: value.rounded(.towardZero)) {
      self = exact
    } else {
      self = value.isNaN ? 0 : value < 0 ? .min : .max
    }
  }

  /// The sum, or the end that it would lie beyond: for numbers that were stored, and may have been forged.
  package func addingSaturating(_ other: Self) -> Self {
    let (sum, overflows) = addingReportingOverflow(other)
    guard overflows else { return sum }
    return other < 0 ? .min : .max
  }

  /// The difference, or the end that it would lie beyond.
  package func subtractingSaturating(_ other: Self) -> Self {
    let (difference, overflows) = subtractingReportingOverflow(other)
    guard overflows else { return difference }
    return other < 0 ? .max : .min
  }

  /// The product, or the end that it would lie beyond.
  func multipliedSaturating(by factor: Self) -> Self {
    let (product, overflows) = multipliedReportingOverflow(by: factor)
    guard overflows else { return product }
    return (self < 0) == (factor < 0) ? .max : .min
  }

  /// Rounded down, where `/` rounds to zero. The divisor must be positive.
  package func dividedRoundingDown(by divisor: Self) -> Self {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// What is left then: from 0 on. The divisor must be positive.
  func remainderRoundingDown(by divisor: Self) -> Self {
    let remainder = self % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}
