import Application
import Domain
import Foundation
import HTTPTypes

/// A project's name and its pages, as they stand atop each of them.
struct ProjectHead: Sendable {
  let name, path, keys, voids, projects: String
  let isArchived: Bool

  init(_ project: ListedProject) {
    name = project.name
    path = Place.project(project.id).path
    keys = Place.keys(of: project.id).path
    voids = Place.voids(of: project.id).path
    projects = Place.projects(account: project.accountID).path
    isArchived = project.archivedAt != nil
  }
}

/// The list of a project's keys.
struct KeysView: Sendable {
  let project: ProjectHead
  let account: AccountView
  let rows: [Row]
  let isEmpty, mayManage, mayArchive: Bool
  let next: String?
  let zone: String
  let new: NewKeyView
  let once: String

  struct Row: Sendable {
    let name, path, hint, mode, scopes, status: String
    let works: Bool
    let used: String
    let issued: Moment
    let lastUsed, ends: Moment?
  }

  init(
    _ project: ListedProject, _ tenant: Tenant, _ page: Page<ListedKey, TimePlace>, _ usage: ProjectUsage,
    in calendar: LocalCalendar, now: Instant, new: NewKeyView, once: String
  ) {
    self.project = ProjectHead(project)
    account = AccountView(tenant, at: .projects)
    let used = Dictionary(usage.keys.map { ($0.keyID, $0.counts.used) }, uniquingKeysWith: { first, _ in first })
    rows = page.entries.map { Row($0, of: project.id, used: used[$0.id], in: calendar, now: now) }
    isEmpty = rows.isEmpty
    mayManage = tenant.allows(.manageKeys) && project.archivedAt == nil
    mayArchive = tenant.allows(.archiveProjects)
    next = page.next.map { Place.keys(of: project.id).with([("after", $0.cursor)]).path }
    zone = calendar.title
    self.new = new
    self.once = once
  }
}

extension KeysView.Row {
  fileprivate init(_ key: ListedKey, of project: UUID, used: Int64?, in calendar: LocalCalendar, now: Instant) {
    let status = key.status(at: now)
    name = key.name
    path = Place.key(key.id, of: project).path
    hint = key.hint
    mode = key.mode.rawValue
    scopes = key.scopes.map(\.rawValue).joined(separator: ", ")
    self.status = status.word.rawValue
    works = status.word == .active || status.word == .rotated
    self.used = used.map(Text.number) ?? "–"
    issued = Moment(key.issuedAt, in: calendar)
    lastUsed = Moment(key.lastUsedAt, in: calendar)
    ends = Moment(key.retiresAt ?? key.expiresAt, in: calendar)
  }
}

/// The form for a new key, as it was sent where something was wrong with it.
struct NewKeyView: Sendable {
  let name, expiresDays: String
  let isTest, tracks, reads: Bool
  let general, nameError, scopesError, expiryError: String?
  let status: HTTPResponse.Status

  init() {
    (name, expiresDays, isTest, tracks, reads) = ("", "", false, true, true)
    (general, nameError, scopesError, expiryError, status) = (nil, nil, nil, nil, .ok)
  }

  init(_ form: Form, _ complaint: Complaint) {
    (name, expiresDays, isTest) = (form["name"], form["expires_days"], form["mode"] == "test")
    (tracks, reads) = (form.has("scope-track"), form.has("scope-read"))
    general = complaint.general
    (nameError, scopesError) = (complaint.of("name"), complaint.of("scopes"))
    expiryError = complaint.of("expires_days") ?? complaint.of("expires_at")
    status = complaint.problem.kind.status
  }
}

/// A key, shown whole once.
struct KeyView: Sendable {
  let project: ProjectHead
  let name, path, hint, mode, scopes, status: String
  let works, mayManage, tracks: Bool
  /// The key itself, the one time.
  let secret: String?
  /// What stands in the commands: the key, or what to put its place.
  let shown: String
  let issued: Moment
  let lastUsed, expires, retires: Moment?
  let zone, once, address: String
  /// Where the first event can be waited for.
  let live: String

  init(
    _ key: ListedKey, of project: ListedProject, _ tenant: Tenant, secret: String?, in calendar: LocalCalendar,
    now: Instant, once: String, address: String
  ) {
    let state = key.status(at: now)
    self.project = ProjectHead(project)
    (name, hint, mode, status) = (key.name, key.hint, key.mode.rawValue, state.word.rawValue)
    path = Place.key(key.id, of: project.id).path
    scopes = key.scopes.map(\.rawValue).joined(separator: " and ")
    tracks = key.scopes.contains(.track)
    works = state.word == .active || state.word == .rotated
    mayManage = tenant.allows(.manageKeys) && project.archivedAt == nil
    self.secret = secret
    shown = secret ?? "YOUR_KEY"
    issued = Moment(key.issuedAt, in: calendar)
    lastUsed = Moment(key.lastUsedAt, in: calendar)
    (expires, retires) = (Moment(key.expiresAt, in: calendar), Moment(key.retiresAt, in: calendar))
    (zone, self.once, self.address) = (calendar.title, once, address)
    live = Place.project(project.id).appending("first-event").path
  }
}
