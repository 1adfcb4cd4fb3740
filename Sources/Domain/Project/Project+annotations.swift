package import struct Foundation.UUID

/// What a project's people noted about moments of it.
extension Project {
  /// An annotation to be added. Its times are as events hold them, whole milliseconds.
  package struct AnnotationRequest: Sendable {
    /// Its own id.
    package var id: UUID
    /// When it happened, or began.
    package var at: Instant
    /// When it was over; nil: it was a moment.
    package var until: Instant?
    /// What happened.
    package var text: String

    /// An annotation to be added.
    package init(id: UUID, at: Instant, until: Instant?, text: String) {
      self.id = id
      self.at = at.toMillisecond
      self.until = until?.toMillisecond
      self.text = text
    }
  }

  /// Three a day for a year; far more than a chart can show.
  package static let maximumAnnotations = 1_000

  /// A line of a list, and no report.
  package static let maximumAnnotationLength = 200

  /// Nothing where the same was added under this id before, and is there still.
  func annotate(_ request: AnnotationRequest) throws(Failure) -> [Event] {
    let (id, accountID) = try active()
    guard NameRule.takes(request.text, maximumCharacters: Self.maximumAnnotationLength) else {
      throw .badAnnotation(maximumCharacters: Self.maximumAnnotationLength)
    }
    let last = request.until ?? request.at
    guard Era.instants.contains(request.at), Era.instants.contains(last),
      request.until.map({ request.at < $0 }) ?? true
    else { throw .badAnnotationSpan }
    let added = AnnotationAdded(
      annotationID: request.id, projectID: id, accountID: accountID, at: request.at, until: request.until,
      text: request.text)
    if let known = annotations[request.id] {
      guard known == added, annotationIDs.contains(request.id) else { throw .noteIDTaken(request.id) }
      return []
    }
    guard annotationIDs.count < Self.maximumAnnotations else {
      throw .tooManyAnnotations(maximum: Self.maximumAnnotations)
    }
    return [.annotationAdded(added)]
  }

  /// Nothing of an annotation that is gone already.
  func removeAnnotation(_ annotation: UUID) throws(Failure) -> [Event] {
    let (id, accountID) = try active()
    guard annotations[annotation] != nil else { throw .noSuchAnnotation(annotation) }
    guard annotationIDs.contains(annotation) else { return [] }
    return [
      .annotationRemoved(AnnotationRemoved(annotationID: annotation, projectID: id, accountID: accountID))
    ]
  }
}
