import Application
import Domain

/// An account's home, as its template sees it.
struct HomeView: Sendable {
  let account: AccountView
  let month: MonthLinks
  /// What is missing, in a sentence; nil: nothing is.
  let missing: String?
  let steps: FirstSteps?
  let strip: HomeStrip?
  let tiles: HomeTiles?
  let quota: QuotaView?
  let ledger: LedgerView?
  let endpoints: TopEndpointsView?
  let movers: MoversView?
  let projects: HomeProjectsView
  let ending: [EndingKeyView]
  let hasEnding: Bool
  let proof: HomeProofView
  let zone: String

  init(_ tenant: Tenant, _ found: HomeAnswers, in calendar: LocalCalendar) {
    account = AccountView(tenant, at: .home)
    month = MonthLinks(found.month, of: tenant.account, now: found.now)
    missing = found.missing.isEmpty ? nil : found.missing.joined(separator: ", ")
    steps = found.uses.flatMap { found.hasEvents ? nil : FirstSteps($0, tenant) }
    strip = found.hasEvents ? found.strip.map { HomeStrip($0, in: calendar) } : nil
    tiles = found.traffic.map { HomeTiles($0.value.numbers, found.usage?.value.live) }
    quota = found.usage.map { QuotaView($0.value.live, found, tier: tenant.tier) }
    ledger = found.intake.map { LedgerView([$0.value]) }
    endpoints = found.endpoints.flatMap { endpoints in
      found.traffic.map { TopEndpointsView(endpoints, of: $0.value.numbers.calls, in: calendar) }
    }
    movers = found.movers.flatMap { MoversView($0, in: calendar) }
    projects = HomeProjectsView(found, of: tenant.account.id, in: calendar)
    ending = found.ending.map { EndingKeyView($0, in: calendar) }
    hasEnding = !ending.isEmpty
    proof = HomeProofView(found, in: calendar)
    zone = calendar.title
  }
}

/// Which month is shown, and those beside it.
struct MonthLinks: Sendable {
  let name: String
  let isCurrent: Bool
  let previous, next: String?

  init(_ month: CalendarMonth, of account: ListedAccount, now: Instant) {
    name = month.name
    let months = AccountMonths(of: account, now: now)
    isCurrent = month == CalendarMonth(of: now)
    func link(_ month: CalendarMonth) -> String? {
      guard months.contains(month) else { return nil }
      let text = month == CalendarMonth(of: now) ? nil : month.description
      return Place.home.with([("account", account.id.text), ("month", text)]).path
    }
    previous = link(month.previous)
    next = isCurrent ? nil : link(month.next)
  }
}

/// The way to a first event.
struct FirstSteps: Sendable {
  let hasProject, hasKey: Bool
  let projects: String
  let keys, event: String?
  let mayCreate: Bool

  init(_ uses: [ProjectUse], _ tenant: Tenant) {
    hasProject = !uses.isEmpty
    hasKey = uses.contains { $0.keys > 0 }
    projects = Place.projects(account: tenant.account.id).path
    let project = uses.first { $0.keys > 0 } ?? uses.first
    keys = project.map { Place.keys(of: $0.id).path }
    event = hasKey ? project.map { Place.project($0.id).appending("first-event").path } : nil
    mayCreate = tenant.allows(.manageProjects)
  }
}
