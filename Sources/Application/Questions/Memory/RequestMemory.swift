import EventLog
import Synchronization

/// Requests that pages were made of, as they lie in the log, which never changes: to find one again in a batch means to decompress
/// all of it. Who asks for the same page again, as a dashboard does, reads what has come since.
final class RequestMemory: Sendable {
  private struct Key: Hashable, Sendable {
    let subject: TrackedUnit.Subject
    let stretch: TrackedUnit.Stretch
  }

  private let state: Mutex<RecentValues<Key, [TrackedUnit]>>

  /// - Parameter capacity: bytes, roughly.
  init(capacity: Int) { state = Mutex(RecentValues(capacity: capacity)) }

  /// What lies in some stretches, in their order; nil where that is not known.
  func units(of subject: TrackedUnit.Subject, in stretches: [TrackedUnit.Stretch]) -> [[TrackedUnit]?] {
    state.withLock { state in stretches.map { state.value(Key(subject: subject, stretch: $0)) } }
  }

  /// Keeps all that lies in a stretch.
  func remember(_ units: [TrackedUnit], of subject: TrackedUnit.Subject, in stretch: TrackedUnit.Stretch) {
    let weight = units.reduce(256) { $0 + $1.weight }
    state.withLock { $0.put(units, weighing: weight, for: Key(subject: subject, stretch: stretch)) }
  }
}
