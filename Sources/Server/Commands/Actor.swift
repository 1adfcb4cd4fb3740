public import EventLog
public import Foundation

/// The member who gives a command, and where it comes from.
public struct Actor: Sendable {
  /// The person, whose right is decided with the command.
  public let userID: UUID
  /// What the log keeps beside the events.
  public let origin: Origin

  /// An actor.
  public init(userID: UUID, origin: Origin) {
    self.userID = userID
    self.origin = origin
  }
}
