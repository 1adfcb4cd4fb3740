/// Times as the API writes them: RFC 3339 in UTC.
extension Instant: CustomStringConvertible {
  /// To the millisecond, rounded down, such as `2026-11-24T10:00:00.123Z`.
  package var description: String {
    text { $0.append(UInt8(ascii: "."), digits: Int(milliseconds.remainderRoundingDown(by: 1_000)), 3) }
  }

  /// To the second, rounded down, such as `2026-11-24T10:00:00Z`.
  package var textToSecond: String { text { _ in } }

  /// The day (UTC) it lies in, such as `2026-11-24`.
  package var dayText: String { String(decoding: Self.dayBytes(parts), as: UTF8.self) }

  private func text(_ appendFraction: (inout [UInt8]) -> Void) -> String {
    let parts = parts
    var text = Self.dayBytes(parts)
    text.append(UInt8(ascii: "T"), digits: parts.hour, 2)
    text.append(UInt8(ascii: ":"), digits: parts.minute, 2)
    text.append(UInt8(ascii: ":"), digits: parts.second, 2)
    appendFraction(&text)
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
  }

  private static func dayBytes(_ parts: Parts) -> [UInt8] {
    var text = Array(parts.month.description.utf8)
    text.append(UInt8(ascii: "-"), digits: parts.day, 2)
    return text
  }
}

extension [UInt8] {
  /// A sign before a number of so many digits.
  fileprivate mutating func append(_ sign: UInt8, digits number: Int, _ count: Int) {
    append(sign)
    var place = (1..<count).reduce(1) { place, _ in place * 10 }
    for _ in 0..<count {
      append(UInt8(ascii: "0") + UInt8(number / place % 10))
      place /= 10
    }
  }
}
