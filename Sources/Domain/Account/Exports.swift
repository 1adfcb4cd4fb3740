package import struct Foundation.UUID

/// What was taken away of an account's data. Stream `exports-<account id>`: it says who has had all of it, for the security audit log.
package struct Exports: Decider {
  /// Nobody has taken anything yet.
  package init() {}

  /// What can have happened.
  package enum Event: RecordedEvent {
    case exported(DataExported)
  }

  /// What can be asked.
  package enum Command: Sendable {
    case export(DataExported)
  }

  /// Whoever may is let: that is authorisation's to decide.
  package typealias Failure = Never

  /// The event that follows from a command.
  package func decide(_ command: Command) -> [Event] {
    switch command {
    case .export(let export): [.exported(export)]
    }
  }

  /// There is nothing to remember.
  package mutating func evolve(_ event: Event) {}
}

/// A person took the account's data away. Recorded before the first byte leaves.
package struct DataExported: EventData {
  package static let kind = EventKind("data_exported", isSecurityRelevant: true)
  /// Whose data it is.
  package var accountID: UUID
  /// Who took it.
  package var userID: UUID
  /// In which form.
  package var format: Format

  /// A form that an account's data can be taken away in.
  package enum Format: String, Codable, Sendable, CaseIterable {
    /// CloudEvents 1.0, a JSON line an event.
    case cloudevents
    /// RFC 4180, a row a tracked request.
    case csv
  }

  /// An export.
  package init(accountID: UUID, userID: UUID, format: Format) {
    self.accountID = accountID
    self.userID = userID
    self.format = format
  }
}

extension Exports.Event {
  package static let cases: [EventCase<Self>] = [
    EventCase(exported)
  ]
}
