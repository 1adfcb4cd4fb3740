/// A timestamptz as PostgreSQL keeps it, to the microsecond. A value of no type of its own elsewhere: whoever has times wraps it.
package struct TimestampTZ: Sendable, Hashable {
  /// Since 1970-01-01T00:00:00Z; the least and the greatest number are the server's infinities.
  package var microseconds: Int64

  /// Of microseconds since 1970-01-01T00:00:00Z.
  package init(microseconds: Int64) { self.microseconds = microseconds }
}

extension TimestampTZ: PostgresScalar {
  /// timestamptz
  package static var parameterType: UInt32 { 1184 }
  /// timestamptz[]
  package static var arrayType: UInt32 { 1185 }
  /// The server counts from 2000-01-01.
  private static let microsecondsBetweenEpochs: Int64 = 10_957 * 86_400 * 1_000_000

  /// Microseconds since 2000, eight bytes. What the server has no timestamp for is refused by it (22008).
  package func appendBinary(to bytes: inout [UInt8]) {
    let (sinceServerEpoch, overflows) = microseconds.subtractingReportingOverflow(Self.microsecondsBetweenEpochs)
    let beforeAllTimes = Int64.min + 1
    switch microseconds {
    case .min, .max: bytes.append(bigEndian: microseconds)
    default: bytes.append(bigEndian: overflows ? beforeAllTimes : sinceServerEpoch)
    }
  }

  /// From a timestamptz in ISO style; a timestamp or date without a zone is taken as UTC. The server's last thirty years, from 294247 on,
  /// count as infinity.
  package init?(postgresText text: UnsafeRawBufferPointer) {
    switch String(decoding: text.prefix(9), as: UTF8.self) {
    case "infinity": self.init(microseconds: .max)
    case "-infinity": self.init(microseconds: .min)
    default:
      var reader = TimestampReader(text: text)
      guard let sinceServerEpoch = reader.read() else { return nil }
      let (microseconds, overflows) = sinceServerEpoch.addingReportingOverflow(Self.microsecondsBetweenEpochs)
      self.init(microseconds: overflows ? .max : microseconds)
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
