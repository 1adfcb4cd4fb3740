package import Domain
import Synchronization

/// Which keys read, in the memory of this process until ``Log/writeKeyUses()`` appends it: what a key sends, the log says by itself.
///
/// Of each key once an hour, so that a dashboard that asks every second leaves no more behind than one that asks every hour; and never on
/// the way of an answer. A process that dies loses the last minute's.
package final class KeyUses: Sendable {
  /// Keys that are noted at a time. Only keys that open something come here, so that nobody can make them up. Who finds no room is
  /// noted when they read again.
  static let capacity = 20_000
  /// How long one note lasts.
  static let hour = Duration.hours(1)

  /// A key, and when it read.
  struct Use: Sendable, Equatable {
    let source: TelemetrySource
    /// Where the minute of it begins.
    let usedAt: Instant
  }

  private struct State {
    /// When each key was noted last.
    var noted: [TelemetrySource: Instant] = [:]
    /// What is to be written.
    var uses: [Use] = []
  }

  private let state = Mutex(State())

  /// Nothing noted yet.
  package init() {}

  /// A key read.
  package func note(_ source: TelemetrySource, at now: Instant) {
    state.withLock { state in
      if let last = state.noted[source] {
        // A clock that was put back says nothing of how long ago it was.
        guard !(last..<last + Self.hour).contains(now) else { return }
      } else if state.noted.count >= Self.capacity {
        return
      }
      state.noted[source] = now
      state.uses.append(Use(source: source, usedAt: now.toMinute))
    }
  }

  /// Takes all there is, to be written, and forgets the keys whose hour is over.
  func take() -> [Use] {
    state.withLock { state in
      defer { state.uses = [] }
      if let latest = state.noted.values.max() {
        state.noted = state.noted.filter { latest - $0.value < Self.hour }
      }
      return state.uses
    }
  }

  /// Takes back what could not be written.
  func restore(_ uses: [Use]) {
    state.withLock { $0.uses = Array((uses + $0.uses).prefix(Self.capacity)) }
  }
}
