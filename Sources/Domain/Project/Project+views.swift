package import struct Foundation.UUID

/// Views of a project's numbers that its people come back to.
extension Project {
  /// A view to be saved.
  package struct ViewRequest: Sendable {
    /// Its own id.
    package var id: UUID
    /// What its people call it.
    package var name: String
    /// What the page is asked with.
    package var query: String

    /// A view to be saved.
    package init(id: UUID, name: String, query: String) {
      self.id = id
      self.name = name
      self.query = query
    }
  }

  /// More than a menu is read through to its end.
  package static let maximumViews = 100

  /// Room for every filter that a page has, and little enough that a page can show all views of a project.
  package static let maximumViewQueryLength = 2_000

  /// The view that has a name.
  package func view(named name: String) -> ViewSaved? { viewIDs[name].flatMap { views[$0] } }

  /// Nothing where the name has this view already, or the same was saved under this id before and is there still.
  func save(_ request: ViewRequest) throws(Failure) -> [Event] {
    let (id, accountID) = try active()
    try Self.check(name: request.name)
    guard Self.takes(query: request.query) else { throw .badViewQuery(maximumLength: Self.maximumViewQueryLength) }
    let other = view(named: request.name)
    if let known = views[request.id] {
      guard known.name == request.name, known.query == request.query, other == known else {
        throw .noteIDTaken(request.id)
      }
      return []
    }
    guard other?.query != request.query else { return [] }
    guard other != nil || viewIDs.count < Self.maximumViews else { throw .tooManyViews(maximum: Self.maximumViews) }
    return [
      .viewSaved(
        ViewSaved(
          viewID: request.id, projectID: id, accountID: accountID, name: request.name, query: request.query,
          replacesID: other?.viewID))
    ]
  }

  /// Nothing of a view that is gone already.
  func removeView(_ view: UUID) throws(Failure) -> [Event] {
    let (id, accountID) = try active()
    guard let known = views[view] else { throw .noSuchView(view) }
    guard viewIDs[known.name] == view else { return [] }
    return [.viewRemoved(ViewRemoved(viewID: view, projectID: id, accountID: accountID))]
  }

  /// What stands in an address after `?`, with everything else that an address may hold written as `%` and two digits.
  private static func takes(query: String) -> Bool {
    query.utf8.count <= maximumViewQueryLength
      && query.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || queryMarks.contains($0) }
  }

  private static let queryMarks = Set("-._~%=&".utf8)
}
