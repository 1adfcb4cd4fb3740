package import struct Foundation.UUID

/// Somebody noted what happened to a project at a moment, or over a span, in words of their own.
package struct AnnotationAdded: EventData {
  package static let kind = EventKind("annotation_added")
  /// The annotation.
  package var annotationID: UUID
  /// What it is about.
  package var projectID: UUID
  /// The project's account.
  package var accountID: UUID
  /// When it happened, or began.
  package var at: Instant
  /// When it was over; null: it was a moment.
  @Nullable package var until: Instant?
  /// What happened, in one line of 1 to 200 characters.
  package var text: String
}

/// An annotation is none any more.
package struct AnnotationRemoved: EventData {
  package static let kind = EventKind("annotation_removed")
  /// What was removed.
  package var annotationID: UUID
  /// What it was about.
  package var projectID: UUID
  /// The project's account.
  package var accountID: UUID
}
