package import struct Foundation.UUID

/// The person is forgotten: the key of their data is destroyed, the address is free, the sessions are over.
package struct UserErased: EventData {
  package static let kind = EventKind("user_erased", isSecurityRelevant: true)
  /// Whose.
  package var userID: UUID

  /// The event's data.
  package init(userID: UUID) {
    self.userID = userID
  }
}
