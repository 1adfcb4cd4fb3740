/// The times that Recount reckons with: the years 1970 to 9999 (UTC).
///
/// Whatever comes from outside is held to them once, where it comes in. So the sum or difference of any two of them, in milliseconds or in
/// microseconds, is far from the ends of an Int64, and PostgreSQL has a timestamp, and JSON a text, for each.
public enum Era {
  /// Since 1970-01-01T00:00:00Z.
  public static let milliseconds: ClosedRange<Int64> = 0...253_402_300_799_999
  /// The same in microseconds, the grain of PostgreSQL.
  public static let microseconds: ClosedRange<Int64> = 0...253_402_300_799_999_999
  /// What an error says is allowed.
  public static let allowed = "from 1970-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z"
}

extension FixedWidthInteger {
  /// The nearest number that there is: 0 for NaN, and for what lies beyond an end that end. `Int64(_:)` would end the process.
  public init(saturating value: Double) {
    if let exact = Self(exactly: value.rounded(.towardZero)) {
      self = exact
    } else {
      self = value.isNaN ? 0 : value < 0 ? .min : .max
    }
  }

  /// The sum, or the end that it would lie beyond: for numbers that were stored, and may have been forged.
  public func addingSaturating(_ other: Self) -> Self {
    let (sum, overflows) = addingReportingOverflow(other)
    guard overflows else { return sum }
    return other < 0 ? .min : .max
  }

  /// The difference, or the end that it would lie beyond.
  public func subtractingSaturating(_ other: Self) -> Self {
    let (difference, overflows) = subtractingReportingOverflow(other)
    guard overflows else { return difference }
    return other < 0 ? .max : .min
  }
}
