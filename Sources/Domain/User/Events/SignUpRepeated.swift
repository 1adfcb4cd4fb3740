package import struct Foundation.UUID

/// Someone signed up with the address of a person who has an account already: only a mail to that address says so.
package struct SignUpRepeated: EventData {
  package static let kind = EventKind("sign_up_repeated")
  /// Whose.
  package var userID: UUID

  /// The event's data.
  package init(userID: UUID) {
    self.userID = userID
  }
}
