/// The clock and the dice, so that tests need neither.
package struct Timing: Sendable {
  package var sleep: @Sendable (Duration) async throws -> Void
  /// Time since a fixed moment.
  package var now: @Sendable () -> Duration
  /// 0…1, evenly spread.
  package var random: @Sendable () -> Double

  package init(
    sleep: @escaping @Sendable (Duration) async throws -> Void, now: @escaping @Sendable () -> Duration,
    random: @escaping @Sendable () -> Double
  ) {
    self.sleep = sleep
    self.now = now
    self.random = random
  }

  package static let real: Timing = {
    let start = ContinuousClock.now
    return Timing(
      sleep: { try await Task.sleep(for: $0) }, now: { ContinuousClock.now - start },
      random: { Double.random(in: 0...1) })
  }()
}
