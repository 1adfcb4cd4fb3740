import Synchronization

/// Something that a test turns on once.
final class Switch: Sendable {
  private let on = Atomic(false)

  var isOn: Bool { on.load(ordering: .acquiring) }

  func turnOn() { on.store(true, ordering: .releasing) }
}
