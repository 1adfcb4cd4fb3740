package import struct Foundation.UUID

/// A view of a project's numbers was saved under a name, in the place of the one that had the name before.
package struct ViewSaved: EventData {
  package static let kind = EventKind("view_saved")
  /// The view.
  package var viewID: UUID
  /// Whose numbers it shows.
  package var projectID: UUID
  /// The project's account.
  package var accountID: UUID
  /// What its people call it, 1 to 100 characters.
  package var name: String
  /// What the page of the project's numbers is asked with, as an address has it after `?`; empty: with nothing.
  package var query: String
  /// The view that had the name before, and is none any more; null: none had.
  @Nullable package var replacesID: UUID?
}

/// A saved view is none any more.
package struct ViewRemoved: EventData {
  package static let kind = EventKind("view_removed")
  /// What was removed.
  package var viewID: UUID
  /// Whose numbers it showed.
  package var projectID: UUID
  /// The project's account.
  package var accountID: UUID
}
