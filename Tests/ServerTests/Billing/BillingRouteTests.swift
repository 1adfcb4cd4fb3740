import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Domain
@testable import Server

/// What the API says of money where no Stripe is set up. Who may ask is walked elsewhere.
@Suite struct BillingRouteTests {
  @Test func whatIsKnownIsToldWithoutStripe() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner(.free)
      let sold = Sold(account: tenant.accountID)
      let end = service.clock.now.toSecond + .days(20)
      try await service.say(
        sold.subscription("past_due", .pro, until: end),
        sold.invoice("in_1", "open", created: service.clock.now.toSecond),
        of: tenant.accountID)
      let answer = try await service.send(.get, "\(tenant.account)/billing", as: owner)
      #expect(answer.status == 200, "\(answer.text)")
      #expect(answer["is_set_up"] == .bool(false) && answer["livemode"] == .null)
      #expect(answer["tier"] == "free" && answer["paid_tier"] == "free" && answer["granted_tier"] == .null)
      let subscription = answer["subscriptions"][0]
      #expect(subscription["subscription_id"] == "sub_1" && subscription["status"] == "past_due")
      #expect(subscription["tier"] == "pro" && subscription["period_end"].string == end.description)
      #expect(answer["owed"][0]["invoice_id"] == "in_1" && answer["owed"][0]["amount_due"] == 900)
      #expect(answer["because"]["tier"] == "free" && answer["because"]["cause"] == .null)
      let tiers = answer["tiers"].elements
      #expect(tiers.map { $0["tier"].string } == ["free", "pro", "business"])
      #expect(tiers.map { $0["monthly_price"].integer } == [0, 900, 2_900])
      #expect(tiers.map { $0["monthly_quota"].integer } == [1_000, 50_000, 500_000])
      #expect(tiers.map { $0["features"].elements.count } == [0, 1, 3])
      #expect(tiers.allSatisfy { $0["is_sold"] == .bool(false) && $0["tax_behavior"] == .null })
    }
  }

  @Test func anAccountOfWhichNothingWasSaidBuysNothing() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner(.free)
      try await service.catchUp()
      let answer = try await service.send(.get, "\(tenant.account)/billing", as: owner)
      #expect(answer["subscriptions"] == [] && answer["owed"] == [])
      #expect(try await service.send(.get, "\(tenant.account)/billing/invoices", as: owner)["invoices"] == [])
    }
  }

  @Test func whatIsGrantedStandsBesideWhatIsPaid() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner(.free)
      try await service.test.log.handle(
        .grant(AccountGrant(tier: .business), because: "a trial", at: service.clock.now), by: Account.self,
        on: service.stream(of: tenant))
      let answer = try await service.see("\(tenant.account)/billing", as: owner)
      #expect(answer["tier"] == "business" && answer["paid_tier"] == "free")
      #expect(answer["granted_tier"] == "business" && answer["granted_until"] == .null)
    }
  }

  @Test func invoicesComeInPagesEachWithItsMonth() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner(.pro)
      _ = try await service.track([EventText](repeating: EventText(service.clock), count: 5).call(), key: tenant.key)
      let sold = Sold(account: tenant.accountID)
      let now = service.clock.now.toSecond
      try await service.say(
        sold.invoice("in_1", created: now - .days(62)), sold.invoice("in_2", created: now - .days(31)),
        sold.invoice("in_3", "open", created: now), of: tenant.accountID)
      let path = "\(tenant.account)/billing/invoices"
      let first = try await service.send(.get, "\(path)?limit=2", as: owner)
      #expect(first["invoices"].elements.map { $0["invoice_id"].string } == ["in_3", "in_2"])
      #expect(first["invoices"][0]["month"].string == service.clock.month())
      #expect(first["invoices"][0]["usage"]["used"] == 5 && first["invoices"][0]["usage"]["quota"] == 50_000)
      let cursor = try #require(first["next_cursor"].string)
      let second = try await service.send(.get, "\(path)?limit=2&cursor=\(cursor)", as: owner)
      #expect(second["invoices"].elements.map { $0["invoice_id"].string } == ["in_1"])
      #expect(second["next_cursor"] == .null)
      try await service.send(.get, "\(path)?cursor=nothing", as: owner).expectProblem("invalid-parameter", status: 400)
    }
  }

  @Test func whereBillingIsNotSetUpEveryChangeSaysSo() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner(.free)
      let before = try await service.number("SELECT count(*) AS n FROM log.events")
      for (part, body) in [
        ("checkout", #"{"tier": "pro"}"#), ("preview", #"{"tier": "pro"}"#), ("tier", #"{"tier": "pro"}"#),
        ("tier", #"{"tier": "free"}"#), ("cancel", nil), ("undo", nil), ("portal", nil),
      ] {
        try await service.send(.post, "\(tenant.account)/billing/\(part)", as: owner, body).expectProblem(
          "billing-not-set-up", status: 409, "\(part)")
      }
      try await service.send(.get, "\(tenant.account)/billing/invoices/in_1/links", as: owner).expectProblem(
        "billing-not-set-up", status: 409)
      try await service.send(.post, "\(tenant.account)/billing/checkout", as: owner, #"{"tier": "gold"}"#)
        .expectProblem(
          "invalid-parameter", status: 400)
      #expect(try await service.number("SELECT count(*) AS n FROM log.events") == before)
    }
  }

  @Test func whoMayNotManageBillingSeesItAndChangesNothing() async throws {
    try await Service.with { service in
      let (tenant, _) = try await service.openWithOwner(.free)
      for role in [Account.Role.admin, .member, .readOnly] {
        let person = try await service.join(tenant, as: role)
        try await service.catchUp()
        #expect(try await service.send(.get, "\(tenant.account)/billing", as: person).status == 200, "\(role)")
        try await service.send(.post, "\(tenant.account)/billing/cancel", as: person).expectProblem(
          "forbidden", status: 403, "\(role)")
      }
    }
  }

  /// What Stripe says of a call is never what people are told.
  @Test func eachRefusalHasItsProblem() throws {
    func kind(_ error: any Error) -> Problem.Kind? { Problem(error)?.kind }
    #expect(kind(Billing.Failure.noSubscription) == .notSubscribed)
    #expect(kind(Billing.Failure.subscribed(.pro)) == .alreadySubscribed)
    #expect(kind(Billing.Failure.notSold(.pro)) == .tierNotSold)
    #expect(kind(Billing.Failure.unchanged(.pro)) == .tierUnchanged)
    #expect(kind(Billing.Failure.nothingToUndo) == .nothingToUndo)
    #expect(kind(Billing.Failure.addressMissing) == .billingAddressMissing)
    #expect(kind(Billing.Failure.unsettled) == .billingUnsettled)
    #expect(Problem(Billing.Failure.unsettled)?.headers[.retryAfter] == "2")
    let owing = try #require(Problem(Billing.Failure.owing(status: "past_due", invoice: "in_1")))
    #expect(owing.kind == .paymentOwed && owing.members["invoice_id"] == "in_1")
    #expect(owing.detail.contains("in_1") && owing.detail.contains("past_due"))
    #expect(Problem(Billing.Failure.owing(status: "unpaid", invoice: nil))?.detail.contains("portal") == true)
  }

  @Test func anIdOfAnInvoiceIsReadOrNothing() {
    #expect(InvoiceID.read("in_1Nv0FGQ9RKHgCVdK") == "in_1Nv0FGQ9RKHgCVdK")
    for text in [
      "", "in_", "sub_1", "in_1/../x", "in_é", "in_1 ", "in_\u{301}a", "IN_1",
      "in_" + String(repeating: "a", count: 65),
    ] {
      #expect(InvoiceID.read(text) == nil, "\(text)")
    }
  }
}
