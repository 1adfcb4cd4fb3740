/// Where a project's detail begins. Stream `retention-<project id>`: daily events that nobody decides by but the next of their kind.
///
/// Only ever moves forward: what is gone does not come back with an upgrade.
public struct Retention: Decider {
  /// The first moment whose detail is kept, in milliseconds since 1970; nil while all is.
  public private(set) var before: Int64?

  /// A project of which all is kept.
  public init() {}

  /// What can have happened to it.
  public enum Event: RecordedEvent {
    case applied(RetentionApplied)
  }

  /// What can be asked of it.
  public enum Command: Sendable {
    case apply(RetentionApplied)
  }

  /// Why it can be turned down.
  public enum Failure: Error, Equatable {
    /// A day counts as a whole or not at all, so that daily totals stand beside whole days of detail.
    case notADay(Int64)
  }

  /// The events that follow from a command: none when detail begins there, or later, already.
  public func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .apply(let applied):
      guard applied.before % TierHistory.day == 0 else { throw .notADay(applied.before) }
      return applied.before > before ?? .min ? [.applied(applied)] : []
    }
  }

  /// Moves the state past one event.
  public mutating func evolve(_ event: Event) {
    switch event {
    case .applied(let applied): before = max(before ?? .min, applied.before)
    }
  }
}

extension Retention.Event {
  /// The event types of its stream.
  public static var types: [any EventData.Type] { [RetentionApplied.self] }

  /// Wraps the data of one of `types`.
  public init?(_ data: any EventData) {
    guard let applied = data as? RetentionApplied else { return nil }
    self = .applied(applied)
  }

  /// The data to be recorded.
  public var data: any EventData {
    switch self {
    case .applied(let data): data
    }
  }
}
