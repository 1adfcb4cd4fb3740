import Application
import Domain
import Foundation

/// A month of an account: what it used, by project, and what that is made of. All of it in UTC.
struct MonthView: Sendable {
  let account: AccountView
  let name, month, billing, here: String
  let isSoFar: Bool
  let usage: Usage?
  let projects: [Project]
  let hasProjects: Bool
  let isMissing: Bool
  let statement: String?
  let commands: StatementCommands
  let explained: ExplainView?
  let shownAt: String
  let shownAtError: String?

  struct Usage: Sendable {
    let used, calls, voided, givenBack, refused, quota, remaining, share: String
    let value, maximum, high: String
    let difference: String?
    let test: String?
  }

  struct Project: Sendable {
    let name, path, used, calls, voided, givenBack, refused: String
    let isTest: Bool
  }

  init(
    _ tenant: Tenant, _ month: CalendarMonth, usage: AccountUsage?, projects: Answered<[UsageOfOneProject]>?,
    explained: Answered<ExplainedUsage>?, question: ShownAt?, given: String?, now: Instant, address: String
  ) {
    account = AccountView(tenant, at: .billing)
    (name, self.month) = (month.name, month.description)
    let place = Place.billing.appending(month.description)
    let id = tenant.account.id.text
    billing = Place.billing.with([("account", id)]).path
    here = place.path
    isSoFar = month == CalendarMonth(of: now)
    self.usage = usage.map { Usage($0) }
    self.projects = (projects?.value ?? []).map { Project($0) }
    hasProjects = !self.projects.isEmpty
    isMissing = usage == nil || projects == nil
    statement =
      tenant.allows(.exportData) ? place.appending("statement").with([("account", id)]).path : nil
    commands = StatementCommands(account: tenant.account.id, month: month, address: address)
    let names = Dictionary(
      (projects?.value ?? []).map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first }
    ).compactMapValues(\.self)
    self.explained = explained.map { answer in
      let next = answer.value.next.map { next in
        place.with([
          ("account", id), ("shown_at", given),
          ("cursor", Cursor(next.day, next.project, next.key, next.void, next.walked, next.then).text),
        ]).path
      }
      return ExplainView(answer, names, next: next)
    }
    shownAt = given ?? ""
    shownAtError = question == nil ? "This takes a moment (UTC) such as 2026-11-27T10:40." : nil
  }
}

extension MonthView.Usage {
  fileprivate init(_ usage: AccountUsage) {
    let month = usage.live
    (used, calls) = (Text.number(month.used), Text.number(month.calls))
    (voided, givenBack) = (Text.number(month.voided), Text.number(month.givenBack))
    (refused, quota) = (Text.number(month.refused), Text.number(month.quota))
    (remaining, share) = (Text.number(month.remaining), Text.share(month.used, of: month.quota))
    (value, maximum) = (String(min(month.used, month.quota)), String(max(1, month.quota)))
    high = String(month.quota / 5 * 4)
    difference = month.difference
    test = usage.test.used > 0 ? "\(Text.number(usage.test.used)) of \(Text.number(usage.test.quota))" : nil
  }
}

extension MonthView.Project {
  fileprivate init(_ project: UsageOfOneProject) {
    name = project.name ?? project.id.text
    path = Place.project(project.id).path
    (used, calls) = (Text.number(project.counts.used), Text.number(project.counts.calls))
    (voided, givenBack) = (Text.number(project.counts.voided), Text.number(project.counts.givenBack))
    refused = Text.number(project.counts.refused)
    isTest = project.mode == .test
  }
}
