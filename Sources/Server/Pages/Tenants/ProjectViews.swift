import Application
import Domain
import Foundation

/// The list of an account's projects.
struct ProjectsView: Sendable {
  let account: AccountView
  let rows: [Row]
  let isEmpty, isArchive, mayCreate, mayArchive: Bool
  let next: String?
  let other: String
  let newName, once: String
  let general, nameError: String?
  let month: String

  /// A project, and what it did this month.
  struct Row: Sendable {
    let name, path, keys: String
    /// The digit that leads there; nil: none does.
    let key: String?
    let calls, errors, responseTime: String
    let created: Moment
    let archive: String
  }

  init(
    _ tenant: Tenant, _ page: Page<ListedProject, TimePlace>, _ traffic: AccountTraffic?, in calendar: LocalCalendar,
    isArchive: Bool, isFirst: Bool, newName: String,
    once: String, _ complaint: Complaint?
  ) {
    account = AccountView(tenant, at: .projects)
    let numbers = Dictionary(
      (traffic?.projects ?? []).map { ($0.id, $0.numbers) }, uniquingKeysWith: { first, _ in first })
    rows = page.entries.enumerated().map { place, project in
      Row(project, numbers[project.id], key: isFirst ? ProjectKey.digit(place) : nil, in: calendar)
    }
    isEmpty = rows.isEmpty
    self.isArchive = isArchive
    mayCreate = tenant.allows(.manageProjects) && !isArchive
    mayArchive = tenant.allows(.archiveProjects)
    let here = Place.projects.with([
      ("account", tenant.account.id.text), ("archived", isArchive ? "yes" : nil), ("after", page.next?.cursor),
    ])
    next = page.next.map { _ in here.path }
    other = Place.projects.with([("account", tenant.account.id.text), ("archived", isArchive ? nil : "yes")]).path
    (self.newName, self.once) = (newName, once)
    (general, nameError) = (complaint?.general, complaint?.of("name"))
    month = "this month (UTC)"
  }
}

extension ProjectsView.Row {
  fileprivate init(
    _ project: ListedProject, _ numbers: TrafficNumbers?, key: String?, in calendar: LocalCalendar
  ) {
    self.key = key
    name = project.name
    path = Place.project(project.id).path
    keys = Place.keys(of: project.id).path
    let total = numbers?.calls ?? 0
    calls = total == 0 ? "–" : Text.number(total)
    errors = numbers.map { Text.share($0.errors4xx + $0.errors5xx, of: $0.calls) } ?? "–"
    responseTime = Text.milliseconds(numbers?.averageResponseTime)
    created = Moment(project.createdAt, in: calendar)
    archive = "\(path)/\(project.archivedAt == nil ? "archive" : "unarchive")"
  }
}

/// The account that a page is about, and the others that there are.
struct AccountView: Sendable {
  let id, name, tier, role: String
  let others: [Other]
  let hasOthers: Bool

  struct Other: Sendable {
    let name, path: String
  }

  init(_ tenant: Tenant, at place: Place) {
    id = tenant.account.id.text
    name = tenant.name
    tier = TierChoice(tenant.tier).name
    role = tenant.role.rawValue.replacingOccurrences(of: "_", with: "-")
    others = tenant.memberships.filter { $0.account.id != tenant.account.id }.map {
      Other(
        name: $0.account.name ?? "Personal account",
        path: place.with([("account", $0.account.id.text)]).path)
    }
    hasOthers = !others.isEmpty
  }
}
