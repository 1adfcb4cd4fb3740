package import struct Foundation.UUID

/// The person wants to be forgotten, and has until then to think better of it.
package struct DeletionRequested: EventData {
  package static let kind = EventKind("deletion_requested", isSecurityRelevant: true)
  /// Whose.
  package var userID: UUID
  /// When erasure falls due.
  package var dueAt: Instant

  /// The event's data.
  package init(userID: UUID, dueAt: Instant) {
    self.userID = userID
    self.dueAt = dueAt
  }
}
