package import struct Foundation.UUID

/// The whole profile from here on: what is missing is not set.
package struct ProfileChanged: EventData {
  package static let kind = EventKind("profile_changed")
  /// Whose.
  package var userID: UUID
  /// What the person is called, sealed for them.
  package var nameSealed: String?
  /// The person's time zone, by its name in the IANA database.
  package var timeZone: String?

  /// The event's data.
  package init(userID: UUID, nameSealed: String? = nil, timeZone: String? = nil) {
    self.userID = userID
    self.nameSealed = nameSealed
    self.timeZone = timeZone
  }
}
