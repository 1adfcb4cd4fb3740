import Domain

/// Too many attempts, or changes: nothing was done.
package struct Throttled: Error, Sendable, Equatable {
  /// How long to wait for the next.
  package let wait: Duration
  /// How many changes a day has, where it is changes that there were too many of.
  package let changesPerDay: Int64?

  package init(wait: Duration, changesPerDay: Int64? = nil) {
    self.wait = wait
    self.changesPerDay = changesPerDay
  }

  /// The same in whole seconds, rounded up: who comes back a little early only comes back again.
  package var seconds: Int64 { max(1, wait.secondsRoundedUp) }
}
