package import Domain
import Foundation

/// The time of day. A parameter everywhere, so that tests decide when it is.
package protocol WallClock: Sendable {
  /// To the millisecond, which is how finely events keep times: what was decided at a time is read again as it was.
  var now: Instant { get }
}

/// The machine's clock.
package struct SystemClock: WallClock {
  /// The machine's clock.
  package init() {}

  /// The time of day, to the millisecond.
  package var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
