package import struct Foundation.UUID

/// Which notices a person wants no mail of, from here on: all that is not here is mailed, whatever comes to be told of later.
package struct NoticePreferencesSet: EventData {
  package static let kind = EventKind("notice_preferences_set")
  /// The person.
  package var userID: UUID
  /// Topics that are not mailed, each once and in order.
  package var declined: [NoticeTopic]

  /// A choice.
  package init(userID: UUID, declined: Set<NoticeTopic>) {
    self.userID = userID
    self.declined = declined.sorted()
  }
}
