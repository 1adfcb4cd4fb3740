import Application
import Domain
import Foundation
import HTTPTypes

/// The list of a project's shared links.
struct LinksView: Sendable {
  let project: ProjectHead
  let account: AccountView
  let rows: [Row]
  let isEmpty, mayManage, mayShare: Bool
  let next: String?
  let zone: String
  /// The link that has just been made, the one time.
  let secret: String?
  let new: NewLinkView
  let once: String
  /// Where the form is sent.
  let links: String

  struct Row: Sendable {
    let name, hint, shows, status, maker, revoke: String
    let works: Bool
    let made: Moment
    let ends: Moment?
  }

  init(
    _ project: ListedProject, _ tenant: Tenant, _ page: Page<ListedLink, TimePlace>, _ members: [ListedMember],
    in calendar: LocalCalendar, now: Instant, secret: String?, new: NewLinkView, once: String
  ) {
    self.project = ProjectHead(project)
    account = AccountView(tenant, at: .projects)
    let names = Dictionary(members.map { ($0.userID, $0.name ?? $0.email) }, uniquingKeysWith: { first, _ in first })
    rows = page.entries.map { link in
      let maker = link.sharedBy.map { names[$0].flatMap { $0?.shown } ?? "somebody who has left" }
      return Row(link, maker: maker ?? "–", in: calendar, now: now)
    }
    isEmpty = rows.isEmpty
    mayManage = tenant.allows(.manageLinks)
    mayShare = mayManage && project.archivedAt == nil
    next = page.next.map { Place.links(of: project.id).with([("after", $0.cursor)]).path }
    zone = calendar.title
    (self.secret, self.new, self.once) = (secret, new, once)
    links = Place.links(of: project.id).path
  }
}

extension LinksView.Row {
  fileprivate init(_ link: ListedLink, maker: String, in calendar: LocalCalendar, now: Instant) {
    let state = link.status(at: now)
    (name, hint, status, self.maker) = (link.name, link.hint, state.rawValue, maker)
    shows =
      TrafficAddress(project: link.projectID).with {
        ($0.mode, $0.filters) = (link.mode, link.filters.byName)
      }.shownToOthers
    works = state == .active
    revoke = Place.links(of: link.projectID).appending(link.id.text).appending("revoke").path
    made = Moment(link.sharedAt, in: calendar)
    ends = Moment(link.expiresAt, in: calendar)
  }
}

/// The form for a new link, as it was sent where something was wrong with it.
struct NewLinkView: Sendable {
  /// What it is to show, in words.
  let shows: String
  /// The same, for the form to send.
  let kept: [TrafficHeadView.Kept]
  /// Where something else is chosen.
  let analytics: String
  let name: String
  let lifetimes: [Lifetime]
  let general, nameError, expiryError: String?
  let status: HTTPResponse.Status

  struct Lifetime: Sendable {
    let value, title: String
    let isChosen: Bool
  }

  init(_ address: TrafficAddress) { self.init(address, .empty, nil) }

  init(_ address: TrafficAddress, _ form: Form, _ complaint: Complaint?) {
    let shared = TrafficAddress(project: address.project).with {
      ($0.mode, $0.filters) = (address.mode, address.filters)
    }
    shows = shared.shownToOthers
    kept = shared.fields.compactMap { name, value in value.map { TrafficHeadView.Kept(name: name, value: $0) } }
    analytics = shared.place().path
    name = form["name"]
    let chosen = (try? LinkLifetime(form)) ?? .month
    lifetimes = LinkLifetime.allCases.map {
      Lifetime(value: String($0.rawValue), title: $0.title, isChosen: $0 == chosen)
    }
    (nameError, expiryError) = (complaint?.of("name"), complaint?.of("expires_at"))
    general =
      complaint?.general
      ?? complaint?.fields.first { !["name", "expires_at"].contains($0.key) }.map { "\($0.key): \($0.value)" }
    status = complaint?.problem.kind.status ?? .ok
  }
}

extension TrafficAddress {
  /// Where a link is made that shows the same.
  var placeToShare: Place {
    let modeField: [(String, String?)] = [("mode", mode == .test ? "test" : nil)]
    return Place.links(of: project).with(modeField + filterFields)
  }

  /// What a shared link with its mode and filters shows, for those who make it.
  var shownToOthers: String {
    let filters = TrafficFilterName.allCases.compactMap { name in
      self.filters[name].map { "\(name.title) \($0.shown)" }
    }
    return ([mode == .live ? "live events" : "test events"] + filters).joined(separator: ", ")
  }
}
