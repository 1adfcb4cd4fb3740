import Application
import Domain
import Foundation

/// What somebody sees first: is it failing now, is traffic as it always is, how near is the limit; and of an account that has tracked nothing
/// yet, the way to its first event.
struct HomePages: Sendable {
  let site: Site

  func add(to pages: inout PageRoutes) {
    pages.get("/home", for: .people, madeOf: .account, home)
  }

  private func home(_ call: PageCall) async throws -> PageAnswer {
    let visitor = try call.person()
    let tenant = try await site.tenant(of: call)
    try await site.tenancy.access.require(.readNumbers, account: tenant.account.id, of: visitor.principal)
    let now = site.clock.now
    let month = try call.month(of: tenant, now: now) ?? CalendarMonth(of: now)
    let questions = HomeQuestions(
      questions: site.tenancy.questions, account: tenant.account.id, month: month, now: now, calendar: visitor.calendar)
    let found = try await questions.ask()
    return PageAnswer.page("home/home", title: "Home", HomeView(tenant, found, in: visitor.calendar), in: .home)
      .changing(at: found.moments)
  }
}

extension PageCall {
  /// The month (UTC) of `?month=`; nil where none is named. Throws the problem of one that the account can't have used.
  func month(of tenant: Tenant, now: Instant) throws -> CalendarMonth? {
    guard let text = parameter("month") else { return nil }
    guard let month = CalendarMonth(text), AccountMonths(of: tenant.account, now: now).contains(month) else {
      throw ReadParameters(request).invalid("month", text, allowed: "a month (UTC) of the account such as 2026-11")
    }
    return month
  }
}
