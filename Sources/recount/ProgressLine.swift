import Foundation

/// One line on standard error that overwrites itself; silent where nobody watches.
struct ProgressLine: Sendable {
  private let isWatched = isatty(STDERR_FILENO) == 1
  private let started = ContinuousClock.now

  func show(_ verb: String, done: Int64, of total: Int64, _ unit: String = "events") {
    guard isWatched, total > 0 else { return }
    let percent = min(100, done * 100 / total)
    let bar = String(repeating: "#", count: Int(percent / 4)).padding(toLength: 25, withPad: "·", startingAt: 0)
    let rate = Int64(Double(done) / max((ContinuousClock.now - started) / .seconds(1), 0.001))
    Terminal.overwrite("\(verb) [\(bar)] \(percent)% \(done) of \(total) \(unit), \(rate) \(unit)/s")
  }

  func clear() {
    guard isWatched else { return }
    Terminal.overwrite()
  }
}
