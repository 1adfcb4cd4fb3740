import RecountClient
import Synchronization

/// A clock that only sleeping moves, at once, and dice that always show the same.
final class TestTiming: Sendable {
  private let kept = Mutex<[Duration]>([])

  var sleeps: [Duration] { kept.withLock { $0 } }

  /// - Parameter random: 1 gives the longest wait that the back-off allows
  func timing(random: Double = 1) -> Timing {
    Timing(
      sleep: { duration in self.kept.withLock { $0.append(duration) } },
      now: { self.sleeps.reduce(.zero, +) }, random: { random })
  }
}
