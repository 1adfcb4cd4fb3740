import Synchronization

/// Something that a test turns on once.
final class Switch: Sendable {
  private let on = Atomic(false)

  var isOn: Bool { on.load(ordering: .acquiring) }

  /// Returns when it is on. What never turns it on hangs, and is ended by the test's time limit.
  func turnedOn() async throws {
    while !isOn { try await Task.sleep(for: .milliseconds(10)) }
  }

  func turnOn() { on.store(true, ordering: .releasing) }
}
