/// The log-ins of a person that failed. Stream `sign-ins-<user id>`, on the shard of the person: kept off their own stream, which is
/// read at every log-in, so that somebody who tries passwords can't slow it down.
package struct LogIns: Decider {
  /// There is nothing to know.
  package init() {}

  /// What can have happened.
  package enum Event: RecordedEvent {
    case failed(SignInFailed)
  }

  /// What can be asked: that a failure be noted.
  package enum Command: Sendable {
    case fail(SignInFailed)
  }

  /// A failure is always noted.
  package func decide(_ command: Command) throws(Never) -> [Event] {
    switch command {
    case .fail(let failed): [.failed(failed)]
    }
  }

  /// Moves the state past one event.
  package mutating func evolve(_ event: Event) {}
}

extension LogIns.Event {
  package static let cases: [EventCase<Self>] = [
    EventCase(failed)
  ]
}
