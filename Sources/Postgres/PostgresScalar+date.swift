public import Foundation

/// Exact to the microsecond, which is what the server keeps; a Date resolves 0.12 µs in this century.
extension Date: PostgresScalar {
  /// timestamptz
  public static var parameterType: UInt32 { 1184 }
  /// timestamptz[]
  public static var arrayType: UInt32 { 1185 }
  /// The server counts from 2000-01-01, Foundation from 2001-01-01.
  private static let microsecondsBetweenEpochs = 366 * 86_400 * 1_000_000.0

  /// Microseconds since 2000, eight bytes. What the server has no timestamp for is refused by it (22008).
  public func appendBinary(to bytes: inout [UInt8]) {
    let microseconds = (timeIntervalSinceReferenceDate * 1e6).rounded() + Self.microsecondsBetweenEpochs
    let outOfRange = Int64.max - 1
    switch timeIntervalSinceReferenceDate {
    case .infinity: bytes.append(bigEndian: Int64.max)
    case -.infinity: bytes.append(bigEndian: Int64.min)
    default: bytes.append(bigEndian: Int64(exactly: microseconds) ?? outOfRange)
    }
  }

  /// From a timestamptz in ISO style; a timestamp or date without a zone is taken as UTC.
  public init?(postgresText text: UnsafeRawBufferPointer) {
    switch String(decoding: text.prefix(9), as: UTF8.self) {
    case "infinity": self.init(timeIntervalSinceReferenceDate: .infinity)
    case "-infinity": self.init(timeIntervalSinceReferenceDate: -.infinity)
    default:
      var reader = TimestampReader(text: text)
      guard let microseconds = reader.read() else { return nil }
      self.init(timeIntervalSinceReferenceDate: (Double(microseconds) - Self.microsecondsBetweenEpochs) / 1e6)
    }
  }
}

/// Reads `2026-11-24 10:00:00.123456+00`. A DateFormatter takes 50 times as long and drops the microseconds.
private struct TimestampReader {
  let text: UnsafeRawBufferPointer
  var place = 0

  /// Microseconds since 2000-01-01 UTC; nil for anything else, years before Christ included.
  mutating func read() -> Int64? {
    guard let year = number(), skip("-"), let month = number(), skip("-"), let day = number() else { return nil }
    var seconds = Self.days(year, month, day) * 86_400
    var fraction: Int64 = 0
    if skip(" ") {
      guard let hour = number(), skip(":"), let minute = number(), skip(":"), let second = number() else { return nil }
      seconds += hour * 3_600 + minute * 60 + second
      if skip(".") {
        let start = place
        guard let digits = number(), place - start <= 6 else { return nil }
        fraction = (start + 6 - place > 0) ? digits * Self.powers[start + 6 - place] : digits
      }
      guard let offset = offset() else { return nil }
      seconds -= offset
    }
    // Seven digits each overflow no number of seconds, but the year 294278 has more microseconds than there are numbers.
    let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000)
    let (microseconds, overflowsToo) = whole.addingReportingOverflow(fraction)
    return place == text.count && !overflows && !overflowsToo ? microseconds : nil
  }

  private static let powers: [Int64] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]

  private mutating func offset() -> Int64? {
    let isNegative = skip("-")
    guard isNegative || skip("+") else { return 0 }
    var seconds: Int64 = 0
    for unit: Int64 in [3_600, 60, 1] {
      guard let part = number() else { return nil }
      seconds += part * unit
      guard skip(":") else { break }
    }
    return isNegative ? -seconds : seconds
  }

  private mutating func number() -> Int64? {
    let start = place
    var value: Int64 = 0
    while place < text.count, place - start < 7, case let digit = text[place] &- UInt8(ascii: "0"), digit <= 9 {
      value = value * 10 + Int64(digit)
      place += 1
    }
    return place > start ? value : nil
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard place < text.count, UInt32(text[place]) == character.value else { return false }
    place += 1
    return true
  }

  /// Days since 2000-01-01, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 730_425
  }
}
