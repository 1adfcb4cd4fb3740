/// Reads RFC 3339 date-times: the one reader of times for tracked events, routes and verbs, since Foundation's takes a 30th of
/// February for a 2nd of March.
///
/// Accepted: a lower-case `t` or `z`, a space for the `T` (section 5.6, note), fractions of any length (cut to
/// microseconds), every offset up to ±23:59 (`-00:00` too), years 0000…9999 of the Gregorian calendar carried back, and
/// `23:59:60` in UTC, a leap second, which is read as
/// `23:59:59.999999`.
extension Instant {
  /// From an RFC 3339 date-time, to the microsecond; nil for what is no such time.
  package init?(_ text: String) {
    var text = text
    guard let instant = text.withUTF8({ Instant($0) }) else { return nil }
    self = instant
  }

  /// The same, of UTF-8.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    guard let microseconds = Self.microseconds(text) else { return nil }
    self.init(microseconds: microseconds)
  }

  /// The midnight (UTC) that a day such as `2026-11-24` begins with.
  package init?(day text: String) {
    guard text.utf8.count == 10 else { return nil }
    self.init(text + "T00:00:00Z")
  }

  /// From a text that comes from outside, to the millisecond. Nil for what is no time, or none that Recount reckons with (``Era``): there
  /// is no other way for a time to come in.
  package init?(ofEra text: String) {
    guard let instant = Instant(text), Era.instants.contains(instant) else { return nil }
    self = instant.toMillisecond
  }

  /// What an error says is allowed.
  package static let allowed = "an RFC 3339 time with its zone, such as 2026-11-24T10:00:00.123Z"

  /// What an error says is allowed in the place of a text that is no time of the era.
  package static func allowedOfEra(insteadOf text: String) -> String {
    Instant(text) == nil ? allowed(insteadOf: text) : "a time \(Era.allowed)"
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
