import Application
import Domain
import Server
import Synchronization
import TestDatabase

/// A time of day that only the test moves: noon of the 15th of this month at first, so that no test runs into a month's end.
final class TestClock: WallClock {
  private let instant = Mutex(CalendarMonth(of: .now).start + .days(14) + .hours(12))

  var now: Instant { instant.withLock { $0 } }

  func advance(seconds: Double) { set(to: now + .seconds(seconds)) }

  /// As finely as clocks tell it.
  func set(to time: Instant) { instant.withLock { $0 = time.toMillisecond } }

  /// RFC 3339, so many seconds from now.
  func time(_ seconds: Double = 0) -> String { "\(now + .seconds(seconds))" }

  /// Such as `2026-11`.
  func month(_ seconds: Double = 0) -> String { "\(CalendarMonth(of: now + .seconds(seconds)))" }
}
