import RecountClient

extension LineScanner {
  /// `2017-05-16 00:00:00.008` or with a `T`, meant in UTC; the fraction may be missing. Later digits than milliseconds are cut off.
  /// No step when it is no such time.
  mutating func takeISOTime() -> Timestamp? {
    var walk = self
    guard let year = walk.takeDigits(4), walk.take("-"), let month = walk.takeDigits(2), walk.take("-"),
      let day = walk.takeDigits(2), walk.take("T") || walk.take("t") || walk.take(" "),
      let date = CivilDate(year: year, month: month, day: day),
      let time = walk.takeClock(), let fraction = walk.takeFraction()
    else { return nil }
    self = walk
    return Timestamp(milliseconds: (date.daysSince1970 * 86_400 + time) * 1_000 + fraction)
  }

  /// `10/Oct/2000:13:55:36 -0700`, the time of Apache's and nginx's logs.
  mutating func takeAccessLogTime() -> Timestamp? {
    var walk = self
    guard let day = walk.takeDigits(2), walk.take("/"), let name = walk.take(upTo: UInt8(ascii: "/")),
      let month = Self.months.firstIndex(where: { $0.elementsEqual(name) }), let year = walk.takeDigits(4),
      let date = CivilDate(year: year, month: Int64(month + 1), day: day),
      walk.take(":"), let time = walk.takeClock(), walk.take(" "), let sign = walk.takeSign(),
      let hours = walk.takeDigits(2), let minutes = walk.takeDigits(2), hours < 24, minutes < 60
    else { return nil }
    self = walk
    let offset = sign * (hours * 3_600 + minutes * 60)
    return Timestamp(milliseconds: (date.daysSince1970 * 86_400 + time - offset) * 1_000)
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ].map { Array($0.utf8) }

  /// `13:55:36` in seconds. A leap second counts as the second before it, so that no time lies outside its day.
  private mutating func takeClock() -> Int64? {
    guard let hour = takeDigits(2), take(":"), let minute = takeDigits(2), take(":"), let second = takeDigits(2),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    return hour * 3_600 + minute * 60 + min(second, 59)
  }

  private mutating func takeFraction() -> Int64? {
    guard take(".") || take(",") else { return 0 }
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !digits.isEmpty else { return nil }
    skip(digits.count)
    return (digits.prefix(3) + repeatElement(UInt8(ascii: "0"), count: max(0, 3 - digits.count))).decimalNumber
  }

  private mutating func takeSign() -> Int64? {
    if take("+") { return 1 }
    return take("-") ? -1 : nil
  }
}
