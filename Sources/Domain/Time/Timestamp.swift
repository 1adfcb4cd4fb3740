/// Reads RFC 3339 date-times: the one reader of times for tracked events, routes and verbs, since Foundation's takes a 30th of
/// February for a 2nd of March.
///
/// Accepted: a lower-case `t` or `z`, a space for the `T` (section 5.6, note), fractions of any length (cut to
/// what is asked for), every offset up to ±23:59 (`-00:00` too), years 0000…9999 of the Gregorian calendar carried back, and
/// `23:59:60` in UTC, a leap second, which is read as `23:59:59.999`
/// (or `.999999`).
public enum Timestamp {
  static let allowed = "an RFC 3339 time with its zone, such as 2026-11-24T10:00:00.123Z"

  /// Milliseconds since 1970-01-01T00:00:00Z, or nil when the text is no such time.
  public static func milliseconds(_ text: String) -> Int64? {
    var text = text
    return text.withUTF8 { milliseconds($0) }
  }

  /// Microseconds since 1970-01-01T00:00:00Z, which is how finely the log keeps when it recorded; nil when the text is no such time.
  public static func microseconds(_ text: String) -> Int64? {
    var text = text
    return text.withUTF8 { microseconds($0) }
  }

  /// Milliseconds since 1970-01-01T00:00:00Z of the midnight (UTC) that a day such as `2026-11-24` begins with.
  public static func milliseconds(ofDay text: String) -> Int64? {
    text.utf8.count == 10 ? milliseconds(text + "T00:00:00Z") : nil
  }

  /// The same, of UTF-8.
  static func milliseconds(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard let microseconds = microseconds(text) else { return nil }
    // Rounded down, before 1970, too.
    return (microseconds >= 0 ? microseconds : microseconds - 999) / 1_000
  }

  private static func microseconds(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard text.count >= 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      text[10] | 0x20 == UInt8(ascii: "t") || text[10] == 0x20,
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
      let century = pair(text, 0), let yearOfCentury = pair(text, 2), let month = pair(text, 5),
      let day = pair(text, 8), let hour = pair(text, 11), let minute = pair(text, 14), let second = pair(text, 17)
    else { return nil }
    let year = century * 100 + yearOfCentury
    guard (1...12).contains(month), (1...CalendarMonth.length(ofMonth: month, year: year)).contains(day),
      hour <= 23, minute <= 59, second <= 60,
      let (fraction, zone) = fraction(text), let offset = offset(text, at: zone)
    else { return nil }

    let minutes = (CalendarMonth.days(year: year, month: month, day: day) * 24 + hour) * 60 + minute - offset
    if second < 60 { return Int64(minutes * 60 + second) * 1_000_000 + Int64(fraction) }
    // Leap seconds are the last of a day in UTC, so the next minute starts a day.
    guard (minutes + 1) % 1_440 == 0 else { return nil }
    return Int64(minutes * 60 + 59) * 1_000_000 + 999_999
  }

  @inline(__always)
  private static func pair(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int? {
    let (tens, ones) = (text[index] &- 0x30, text[index + 1] &- 0x30)
    return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : nil
  }

  /// The microseconds, and where the zone starts.
  private static func fraction(_ text: UnsafeBufferPointer<UInt8>) -> (Int, Int)? {
    guard text[19] == UInt8(ascii: ".") else { return (0, 19) }
    var index = 20
    var microseconds = 0
    var place = 100_000
    while index < text.count, ASCII.isDigit(text[index]) {
      microseconds += Int(text[index] - 0x30) * place
      place /= 10
      index += 1
    }
    return index > 20 ? (microseconds, index) : nil
  }

  /// Minutes east of UTC; the zone must end the text.
  private static func offset(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
    guard index < text.count else { return nil }
    if text[index] | 0x20 == UInt8(ascii: "z") { return index + 1 == text.count ? 0 : nil }
    guard index + 6 == text.count, text[index + 3] == UInt8(ascii: ":"),
      let hours = pair(text, index + 1), let minutes = pair(text, index + 4), hours <= 23, minutes <= 59
    else { return nil }
    switch text[index] {
    case UInt8(ascii: "+"): return hours * 60 + minutes
    case UInt8(ascii: "-"): return -(hours * 60 + minutes)
    default: return nil
    }
  }
}
