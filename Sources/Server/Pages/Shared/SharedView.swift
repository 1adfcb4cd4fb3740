import Application
import Domain

/// What is shown of a project to whoever asks, logged in or not: its numbers of one mode, under filters that nobody who looks can change, and nothing
/// else of its account. By which secret one came here, if by any, it does not know.
struct SharedView: Sendable {
  let project: ListedProject
  let mode: KeyMode
  let filters: [TrafficFilterName: String]
  /// Where it is shown, and its own links lead.
  let base: Place
}

extension SharedView {
  /// What a shared link shows.
  init(_ grant: LinkGrant, at token: LinkToken) {
    self.init(project: grant.project, mode: grant.mode, filters: grant.filters.byName, base: .shared(token))
  }
}
