import Domain
import Foundation
import Server
import Synchronization

/// A time of day that only the test moves: noon of the 15th of this month at first, so that no test runs into a month's end.
final class TestClock: WallClock {
  private let now: Mutex<Int64>

  init() {
    let month = CalendarMonth(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    now = Mutex(month.firstMillisecond + 14 * 86_400_000 + 12 * 3_600_000)
  }

  var milliseconds: Int64 { now.withLock { $0 } }

  func advance(seconds: Double) { now.withLock { $0 += Int64(seconds * 1000) } }

  /// RFC 3339, so many seconds from now.
  func time(_ seconds: Double = 0) -> String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000 + seconds)
      .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// Such as `2026-11`.
  func month(_ seconds: Double = 0) -> String {
    CalendarMonth(milliseconds: milliseconds + Int64(seconds * 1000)).description
  }
}
