package import struct Foundation.UUID

/// The person stays.
package struct DeletionCancelled: EventData {
  package static let kind = EventKind("deletion_cancelled", isSecurityRelevant: true)
  /// Whose.
  package var userID: UUID

  /// The event's data.
  package init(userID: UUID) {
    self.userID = userID
  }
}
