package import struct Foundation.UUID

/// An operator opened an account for a person whose address nobody had verified: whoever had signed up with it could be anybody, so
/// their links and passwords are worth nothing from here on. A reset, whose mail only the address's reader gets, lets in.
package struct SignUpsVoided: EventData {
  package static let kind = EventKind("sign_ups_voided")
  /// Whose.
  package var userID: UUID

  /// The event's data.
  package init(userID: UUID) {
    self.userID = userID
  }
}
