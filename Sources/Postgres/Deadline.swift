/// A moment by which something must be done.
struct Deadline {
  private let instant: ContinuousClock.Instant
  let duration: Duration

  init(in duration: Duration) {
    self.duration = duration
    instant = .now + duration
  }

  var hasPassed: Bool { ContinuousClock.now >= instant }

  /// What is left, for poll(): rounded up, so that a wait never spins at its end.
  var milliseconds: Int32 {
    let left = (instant - .now) / .milliseconds(1)
    return Int32(max(0, min(left.rounded(.up), Double(Int32.max))))
  }
}
