/// Where a project's detail begins. Stream `retention-<project id>`: daily events that nobody decides by but the next of their kind.
///
/// Only ever moves forward: what is gone does not come back with an upgrade.
package struct Retention: Decider {
  /// The first moment whose detail is kept; nil while all is.
  package private(set) var before: Instant?

  /// A project of which all is kept.
  package init() {}

  /// What can have happened to it.
  package enum Event: RecordedEvent {
    case applied(RetentionApplied)
  }

  /// What can be asked of it.
  package enum Command: Sendable {
    case apply(RetentionApplied)
  }

  /// Why it can be turned down.
  package enum Failure: Error, Equatable {
    /// A day counts as a whole or not at all, so that daily totals stand beside whole days of detail.
    case notADay(Instant)
  }

  /// The events that follow from a command: none when detail begins there, or later, already.
  package func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .apply(let applied):
      guard applied.before == applied.before.toDay else { throw .notADay(applied.before) }
      return applied.before > before ?? .distantPast ? [.applied(applied)] : []
    }
  }

  /// Moves the state past one event.
  package mutating func evolve(_ event: Event) {
    switch event {
    case .applied(let applied): before = max(before ?? .distantPast, applied.before)
    }
  }
}

extension Retention.Event {
  package static let cases: [EventCase<Self>] = [
    EventCase(applied)
  ]
}
