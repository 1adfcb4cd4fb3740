package import EventLog
package import Foundation

/// The member who gives a command, and where it comes from.
package struct Actor: Sendable {
  /// The person, whose right is decided with the command.
  package let userID: UUID
  /// What the log keeps beside the events.
  package let origin: Origin

  /// An actor.
  package init(userID: UUID, origin: Origin) {
    self.userID = userID
    self.origin = origin
  }
}
