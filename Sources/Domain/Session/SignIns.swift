/// The log-ins of a person that failed. Stream `sign-ins-<user id>`, on the shard of the person: kept off their own stream, which is
/// read at every log-in, so that somebody who tries passwords can't slow it down.
public struct SignIns: Decider {
  /// There is nothing to know.
  public init() {}

  /// What can have happened.
  public enum Event: RecordedEvent {
    case failed(SignInFailed)
  }

  /// What can be asked: that a failure be noted.
  public enum Command: Sendable {
    case fail(SignInFailed)
  }

  /// A failure is always noted.
  public func decide(_ command: Command) throws(Never) -> [Event] {
    switch command {
    case .fail(let failed): [.failed(failed)]
    }
  }

  /// Moves the state past one event.
  public mutating func evolve(_ event: Event) {}
}

extension SignIns.Event {
  /// The event types of the stream.
  public static var types: [any EventData.Type] { [SignInFailed.self] }

  /// Wraps the data of one of `types`.
  public init?(_ data: any EventData) {
    guard let failed = data as? SignInFailed else { return nil }
    self = .failed(failed)
  }

  /// The data to be recorded.
  public var data: any EventData {
    switch self {
    case .failed(let data): data
    }
  }
}
