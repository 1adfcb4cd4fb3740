public import struct Foundation.UUID

/// What was taken away of an account's data. Stream `exports-<account id>`: it says who has had all of it, for the security audit log.
public struct Exports: Decider {
  /// Nobody has taken anything yet.
  public init() {}

  /// What can have happened.
  public enum Event: RecordedEvent {
    case exported(DataExported)
  }

  /// What can be asked.
  public enum Command: Sendable {
    case export(DataExported)
  }

  /// Whoever may is let: that is authorisation's to decide.
  public typealias Failure = Never

  /// The event that follows from a command.
  public func decide(_ command: Command) -> [Event] {
    switch command {
    case .export(let export): [.exported(export)]
    }
  }

  /// There is nothing to remember.
  public mutating func evolve(_ event: Event) {}
}

/// A person took the account's data away. Recorded before the first byte leaves.
public struct DataExported: EventData {
  /// As the log has it; never changes.
  public static let type = "data_exported"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 1
  /// Whose data it is.
  public var accountID: UUID
  /// Who took it.
  public var userID: UUID
  /// In which form.
  public var format: Format

  /// A form that an account's data can be taken away in.
  public enum Format: String, Codable, Sendable, CaseIterable {
    /// CloudEvents 1.0, a JSON line an event.
    case cloudevents
    /// RFC 4180, a row a tracked request.
    case csv
  }

  /// An export.
  public init(accountID: UUID, userID: UUID, format: Format) {
    self.accountID = accountID
    self.userID = userID
    self.format = format
  }

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case userID = "user_id"
    case format
  }
}

extension Exports.Event {
  /// The event types of this stream.
  public static var types: [any EventData.Type] { [DataExported.self] }

  /// Wraps the data of one of `types`.
  public init?(_ data: any EventData) {
    guard let exported = data as? DataExported else { return nil }
    self = .exported(exported)
  }

  /// The data to be recorded.
  public var data: any EventData {
    switch self {
    case .exported(let data): data
    }
  }
}
