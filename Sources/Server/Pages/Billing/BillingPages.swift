import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// What an account has, pays and used: its tier, its invoices, its months, each with the statement that proves it and what it is made of.
struct BillingPages: Sendable {
  let site: Site

  func add(to pages: inout PageRoutes) {
    pages.get("/billing", for: .people, overview)
    pages.get("/billing/{month}", for: .people) { try await month($0) }
    pages.get("/billing/{month}/statement", for: .people, statement)
  }

  /// Three years of months stand on one page.
  private static let mostMonths = 36

  private static let invoicesLength = 12

  private func overview(_ call: PageCall) async throws -> PageAnswer {
    let tenant = try await site.tenant(of: call, to: .readNumbers)
    let (account, now) = (tenant.account, site.clock.now)
    let months = AccountMonths(of: account, now: now)
    let place = call.parameter("after").flatMap { Cursor.values(of: $0, as: Instant.self, String.self) }
    async let usage = unlessMissing {
      try await site.tenancy.questions.usage(of: account.id, months: months.latest(Self.mostMonths))
    }
    async let billing = unlessMissing { try await site.billing.state(of: account) }
    async let invoices = unlessMissing {
      try await site.billing.invoices(
        of: account.id, after: place.map { InvoicePlace(created: $0.0, id: $0.1) }, limit: Self.invoicesLength)
    }
    let chosen = call.cookies.value(call.cookies.tier, in: call.request).flatMap(Tier.init(rawValue:))
    let answers = try await BillingView.Answers(
      usage: usage, months: months, billing: billing, invoices: invoices, isSetUp: site.billing.desk != nil,
      isSupported: site.isSupported, now: now)
    return .page("billing/billing", title: "Billing", BillingView(tenant, answers, chosen: chosen), in: .billing)
  }

  private func month(_ call: PageCall) async throws -> PageAnswer {
    let tenant = try await site.tenant(of: call, to: .readNumbers)
    let (account, now) = (tenant.account.id, site.clock.now)
    let month = try call.pathMonth(of: tenant, now: now)
    let question = try? ShownAt(call, month: month, now: now)
    async let usage = unlessMissing { try await site.tenancy.questions.usage(of: account, months: [month]).value.first }
    async let projects = unlessMissing { try await site.tenancy.questions.usageOfProjects(of: account, in: month) }
    async let explained = question.asyncMap { question in try await self.explain(question, of: account, month, call) }
    let view = try await MonthView(
      tenant, month, usage: usage ?? nil, projects: projects, explained: explained ?? nil, question: question,
      given: call.parameter("shown_at"), now: now, address: site.address)
    return .page(
      "billing/month", title: "\(month.name)", view, status: question == nil ? .badRequest : .ok, in: .billing)
  }

  private func explain(
    _ question: ShownAt, of account: UUID, _ month: CalendarMonth, _ call: PageCall
  ) async throws -> Answered<ExplainedUsage>? {
    try await unlessMissing {
      try await site.expensive.search(for: account, call.context) { [site] in
        try await site.tenancy.questions.over(site.expensive.log).explainUsage(
          of: account, mode: .live, month: month, shownAt: question.moment, after: question.place,
          limit: ShownAt.pageLength)
      }
    }
  }

  /// As it is signed, to look at; and as the API gives it, to take away.
  private func statement(_ call: PageCall) async throws -> PageAnswer {
    let tenant = try await site.tenant(of: call, to: .exportData)
    let (account, now) = (tenant.account.id, site.clock.now)
    let month = try call.pathMonth(of: tenant, now: now)
    let signed = try await site.expensive.answer(for: account, call.context) { [statements = site.statements] in
      try await statements.signed(of: account, month: month, now: now)
    }
    let document = ExportRoutes.statementShape.json(signed).text
    guard call.parameter("download") == nil else {
      return .file(document, type: "application/json", name: "recount-\(account.text)-\(month).json")
    }
    let names = try await unlessMissing { try await site.tenancy.questions.usageOfProjects(of: account, in: month) }
    let view = StatementView(tenant, signed, names?.value ?? [], address: site.address)
    return .page("billing/statement", title: "Statement of \(month.name)", view, in: .billing)
  }
}

extension Site {
  /// The account that a page about money is about, with which whoever looks has the right to do this.
  func tenant(of call: PageCall, to action: Action) async throws -> Tenant {
    let tenant = try await tenant(of: call)
    try await tenancy.access.require(action, account: tenant.account.id, of: try call.person().principal)
    return tenant
  }
}

extension PageCall {
  /// The month (UTC) of the path. Throws the problem of one that the account can't have used.
  fileprivate func pathMonth(of tenant: Tenant, now: Instant) throws -> CalendarMonth {
    let text = context.parameters.get("month") ?? ""
    guard let month = CalendarMonth(text), AccountMonths(of: tenant.account, now: now).contains(month) else {
      throw ReadParameters(request).invalid("month", text, allowed: "a month (UTC) of the account such as 2026-11")
    }
    return month
  }
}

extension Optional where Wrapped: Sendable {
  fileprivate func asyncMap<Other: Sendable>(
    _ transform: @Sendable (Wrapped) async throws -> Other?
  ) async throws -> Other? {
    guard let self else { return nil }
    return try await transform(self)
  }
}
