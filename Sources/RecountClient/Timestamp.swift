public import Foundation

/// A moment, to the millisecond: what the log keeps of a time.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  public var milliseconds: Int64

  /// A moment by its milliseconds since 1970.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// A date, rounded to the nearest millisecond.
  public init(_ date: Date) { milliseconds = Int64((date.timeIntervalSince1970 * 1_000).rounded()) }

  /// This moment.
  public static var now: Timestamp { Timestamp(Date()) }

  /// Earlier is less.
  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }
}

extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC, with milliseconds: `2026-11-24T10:00:00.123Z`.
  public var description: String {
    var text: [UInt8] = []
    write(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  func write(to text: inout [UInt8]) {
    let (days, time) = milliseconds.floorDivided(by: 86_400_000)
    let date = CivilDate(daysSince1970: days)
    text.append(date.year, digits: 4, then: "-")
    text.append(date.month, digits: 2, then: "-")
    text.append(date.day, digits: 2, then: "T")
    text.append(time / 3_600_000, digits: 2, then: ":")
    text.append(time / 60_000 % 60, digits: 2, then: ":")
    text.append(time / 1_000 % 60, digits: 2, then: ".")
    text.append(time % 1_000, digits: 3, then: "Z")
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ number: Int64, digits: Int, then mark: Unicode.Scalar) {
    var divisor: Int64 = 1
    for _ in 1..<digits { divisor *= 10 }
    while divisor > 0 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
      divisor /= 10
    }
    append(UInt8(ascii: mark))
  }
}
