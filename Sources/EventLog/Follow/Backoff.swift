/// Waits longer and longer while something is away: 0.1 s, doubled up to 5 s.
package struct Backoff: Sendable {
  private var next = Self.shortest
  private static let shortest = Duration.milliseconds(100)
  private static let longest = Duration.seconds(5)

  /// One that has not waited yet.
  package init() {}

  /// Returns early when the task is cancelled.
  package mutating func wait() async {
    let now = next
    next = min(Self.longest, next * 2)
    try? await Task.sleep(for: now)
  }

  /// What was away is there again.
  package mutating func reset() { next = Self.shortest }
}
