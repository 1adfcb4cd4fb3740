import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

@testable import Application

/// Taxes, switched on and off: what is asked of Stripe, and that what was shown is what is taken. The Stripe to test against takes 19 %.
@Suite(.timeLimit(.whatHangs)) struct BillingTaxTests {
  @Test(arguments: TaxBehavior.allCases) func whatAPreviewSaysWithItsTaxIsWhatTheInvoiceThenTakes(
    tax: TaxBehavior
  ) async throws {
    try await Till.with(tax: tax) { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      let first = try #require(try await till.invoices(of: buyer).first)
      #expect(first.amountPaid == (tax == .inclusive ? 900 : 1_071) && first.tax == (tax == .inclusive ? 144 : 171))
      try await till.advance(days: 11.3)
      try await till.arrive()
      let preview = try await till.desk.preview(.business, of: buyer.account, by: buyer.actor)
      let parts = try #require(preview.breakdown)
      #expect(parts.tax > 0 && parts.subtotal + parts.tax == parts.total && parts.total == preview.dueNow)
      #expect(preview.next == (tax == .inclusive ? 2_900 : 3_451))
      _ = try await till.desk.upgrade(
        to: .business, of: buyer.account, prorationDate: preview.prorationDate, by: buyer.actor)
      try await till.arrive()
      let paid = try await till.invoices(of: buyer)
      #expect(paid.count == 2 && paid.last?.amountPaid == preview.dueNow && paid.last?.tax == parts.tax, "\(paid)")
      try await till.advance(days: 32)
      try await till.arrive()
      let renewed = try #require(try await till.invoices(of: buyer).last)
      #expect(renewed.billingReason == "subscription_cycle" && renewed.amountPaid == preview.next, "\(renewed)")
      #expect(try await till.stripe.state()["subscription"][subscription].isTaxed)
    }
  }

  @Test func aCheckoutAsksForAllThatTaxTakes() async throws {
    try await Till.with(tax: .exclusive) { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.pro, buyer)
      let asked = try #require(try await till.stripe.calls("POST", "/v1/checkout/sessions").last)["parameters"]
      #expect(
        asked["automatic_tax"]["enabled"] == "true" && asked["tax_id_collection"]["enabled"] == "true", "\(asked)")
      #expect(asked["customer_update"] == ["address": "auto", "name": "auto"], "\(asked)")
      let customer = try await till.stripe.state()["customer"][try await till.customer(of: buyer)]
      #expect(customer["address"]["country"] == "DE", "what the payer typed is kept for the next invoice")
    }
  }

  @Test func switchedOffNothingIsAskedOfStripeAboutTax() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.subscribe(.business, buyer)
      try await till.desk.downgrade(to: .pro, of: buyer.account, by: buyer.actor)
      try await till.advance(days: 32)
      try await till.arrive()
      let shown = try await till.desk.preview(.business, of: buyer.account, by: buyer.actor)
      #expect(shown.breakdown == nil && shown.next == 2_900)
      _ = try await till.desk.upgrade(
        to: .business, of: buyer.account, prorationDate: shown.prorationDate, by: buyer.actor)
      let state = try await BillingOperator(desk: till.desk).state()
      #expect(state.contains { $0.hasPrefix("taxes") && $0.contains("off") }, "\(state)")
      let words = ["automatic_tax", "tax_id_collection", "customer_update", "tax_behavior", "default_settings"]
      for call in try await till.stripe.calls() {
        #expect(call["path"].string?.hasPrefix("/v1/tax") == false, "\(call)")
        for word in words { #expect(call["parameters"][word] == .null, "\(call)") }
      }
      #expect(try await till.invoices(of: buyer).allSatisfy { $0.tax == nil })
    }
  }

  @Test func aPriceSaysOnceWhetherTaxIsInItAndGivesItsPlaceToAnotherThatSaysOtherwise() async throws {
    try await Till.with { till in
      let stocked = till.stripe.address.prices
      let buyer = try await till.buyer()
      try await till.subscribe(.pro, buyer)
      let exclusive = try await till.selling(with: .exclusive)
      let first = try await exclusive.desk.catalogue()
      #expect(first.price(of: .pro) == stocked["pro"] && first.price(of: .business) == stocked["business"])
      let inclusive = try await till.selling(with: .inclusive)
      let second = try await inclusive.desk.catalogue()
      let sold = try #require(second.price(of: .pro))
      #expect(sold != stocked["pro"])
      let prices = try await till.stripe.state()["price"]
      #expect(prices[sold]["tax_behavior"] == "inclusive" && prices[sold]["lookup_key"].string != nil)
      #expect(prices[stocked["pro"] ?? ""]["tax_behavior"] == "exclusive")
      // Again it is the same, and off again all stays.
      #expect(try await till.selling(with: .inclusive).desk.catalogue().price(of: .pro) == sold)
      #expect(try await till.selling(with: nil).desk.catalogue().price(of: .pro) == sold)
      #expect(try await till.stripe.state()["price"].members.count == 4)
      // Back on the same day, it is neither the first nor the second.
      let third = try #require(try await till.selling(with: .exclusive).desk.catalogue().price(of: .pro))
      #expect(third != sold && third != stocked["pro"])
      #expect(try await till.stripe.state()["price"][third]["tax_behavior"] == "exclusive")
      // Who pays the price of before has what it gives, and renews it.
      try await till.advance(days: 32)
      try await till.arrive()
      #expect(try await till.tier(of: buyer) == .pro)
      #expect(try await till.desk.billing(buyer.account).attention.isEmpty)
    }
  }

  @Test func whoSubscribedBeforeTaxesWereOnIsTaxedFromTheNextChangeOnOnceTheirPlaceIsKnown() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer)
      let till = try await till.selling(with: .exclusive)
      await #expect(throws: Billing.Failure.addressMissing) {
        try await till.desk.preview(.business, of: buyer.account, by: buyer.actor)
      }
      await #expect(throws: Billing.Failure.addressMissing) {
        try await till.desk.upgrade(to: .business, of: buyer.account, prorationDate: nil, by: buyer.actor)
      }
      let state = try await BillingOperator(desk: till.desk).state().joined(separator: "\n")
      #expect(state.contains("running without tax: 1;"), "\(state)")
      try await till.live(in: "DE", buyer)
      let preview = try await till.desk.preview(.business, of: buyer.account, by: buyer.actor)
      _ = try await till.desk.upgrade(
        to: .business, of: buyer.account, prorationDate: preview.prorationDate, by: buyer.actor)
      try await till.arrive()
      let paid = try #require(try await till.invoices(of: buyer).last)
      #expect(paid.amountPaid == preview.dueNow && paid.tax == preview.breakdown?.tax && paid.tax ?? 0 > 0, "\(paid)")
      #expect(try await till.stripe.state()["subscription"][subscription].isTaxed)
    }
  }

  @Test func aLowerTierIsTaxedAndNobodyIsKeptFromItForWantOfAnAddress() async throws {
    try await Till.with { till in
      let (housed, homeless) = (try await till.buyer(), try await till.buyer())
      for buyer in [housed, homeless] { try await till.subscribe(.business, buyer) }
      let till = try await till.selling(with: .exclusive)
      try await till.live(in: "DE", housed)
      for buyer in [housed, homeless] { try await till.desk.downgrade(to: .pro, of: buyer.account, by: buyer.actor) }
      try await till.advance(days: 32)
      try await till.arrive()
      for (buyer, amount) in [(housed, 1_071), (homeless, 900)] {
        #expect(try await till.tier(of: buyer) == .pro)
        #expect(try await till.invoices(of: buyer).last?.amountPaid == amount)
      }
    }
  }

  @Test func aPageToPayAtOfBeforeTaxesWereOnGivesItsPlaceToOneThatTakesThem() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let before = try await till.desk.checkout(.pro, of: buyer.account, back: Till.back, by: buyer.actor).url
      let till = try await till.selling(with: .inclusive)
      let after = try await till.desk.checkout(.pro, of: buyer.account, back: Till.back, by: buyer.actor).url
      #expect(after != before)
      #expect(try await till.desk.checkout(.pro, of: buyer.account, back: Till.back, by: buyer.actor).url == after)
      let open = try await till.stripe.state()["checkout.session"].members.values.filter { $0["status"] == "open" }
      #expect(open.map(\.isTaxed) == [true])
    }
  }

  @Test func theStateSaysWhatKeepsTaxesFromBeingTaken() async throws {
    try await Till.with(tax: .inclusive) { till in
      let overseer = BillingOperator(desk: till.desk)
      func state() async throws -> String { try await overseer.state().joined(separator: "\n") }
      let good = try await state()
      #expect(
        good.contains("inclusive: beside each price stands incl. tax") && good.contains("registered in DE"), "\(good)")
      try await till.stripe.test("settings", #"{"tax_registrations": []}"#)
      #expect(try await state().contains("Stripe Tax has no registration"))
      try await till.stripe.test("settings", #"{"tax_status": "pending"}"#)
      #expect(try await state().contains("Stripe Tax is not set up"))
      try await till.stripe.test(
        "faults", #"{"method": "GET", "path": "/v1/tax/settings", "times": 1, "kind": "status", "status": 403}"#)
      #expect(try await state().contains("the key may not ask"))
      let other = BillingDesk(
        try till.stripe.settings(tax: .exclusive), log: till.desk.log, clock: till.service.clock, logger: Service.silent
      )
      let stale = try await BillingOperator(desk: other).state().joined(separator: "\n")
      #expect(stale.contains("the price of pro is inclusive: run `recount billing setup`"), "\(stale)")
    }
  }

  @Test func whoMovesUpAndHasSaidNoAddressIsLedToWhereItIsGiven() async throws {
    try await Till.with(tax: .exclusive) { till in
      let (person, browser) = try await till.service.browsing()
      let account = try await browser.get("/projects").text.hidden("account")
      let buyer = Till.Buyer(
        account: try #require(UUID(uuidString: account)),
        actor: Actor(userID: person.id, origin: Origin(actorID: person.id)))
      try await till.selling(with: nil).subscribe(.pro, buyer)
      try await till.service.catchUp()
      let page = try await browser.get("/billing/tier?account=\(account)&to=business")
      #expect(page.status == 303 && page.headers[.location]?.hasSuffix("done=address-first") == true, "\(page.status)")
      let billing = try await browser.get(try #require(page.headers[.location])).text
      #expect(billing.contains("before your address is known") && billing.contains("action=\"/billing/portal\""))
      let asked = try await browser.post("/billing/tier", ["account": account, "tier": "business"])
      #expect(asked.headers[.location]?.hasSuffix("done=address-first") == true, "\(asked.status)")
    }
  }

  @Test func pagesAndAPISayWhetherTaxIsInAPriceAndWhatOfAnInvoiceIsTax() async throws {
    try await Till.with(tax: .exclusive) { till in
      #expect(try await Browser(till.service).get("/").text.contains("a month, plus tax"))
      let (tenant, owner) = try await till.service.openWithOwner(.free)
      let buyer = Till.Buyer(
        account: tenant.accountID, actor: Actor(userID: owner.id, origin: Origin(actorID: owner.id)))
      try await till.subscribe(.pro, buyer)
      try await till.service.catchUp()
      let path = "\(tenant.account)/billing"
      let tiers = try await till.service.see(path, as: owner)["tiers"].elements
      #expect(tiers.map { $0["tax_behavior"] } == [.null, "exclusive", "exclusive"])
      let invoice = try await till.service.see("\(path)/invoices", as: owner)["invoices"][0]
      #expect(invoice["total"] == 1_071 && invoice["tax"] == 171, "\(invoice)")
      let preview = try await till.service.send(.post, "\(path)/preview", as: owner, #"{"tier": "business"}"#)
      #expect(preview["subtotal"].integer + preview["tax"].integer == preview["total"].integer, "\(preview.text)")
      #expect(preview["total"] == preview["due_now"] && preview["next"] == 3_451, "\(preview.text)")
    }
  }
}

extension Till {
  /// The same, after whoever runs it has set how prices are taxed, and has run the setup.
  fileprivate func selling(with tax: TaxBehavior?) async throws -> Till {
    let taxing = BillingDesk(
      try stripe.settings(tax: tax), log: desk.log, clock: service.clock, logger: Service.silent)
    _ = try await BillingSetup(desk: taxing)(publicURL: "https://recount.example.org")
    return Till(service: service, stripe: stripe, desk: taxing, pool: pool)
  }

  /// What was said of each invoice last, the latest last.
  fileprivate func invoices(of buyer: Buyer) async throws -> [InvoiceRecorded] {
    // Several of one second follow each other by their numbers.
    try await desk.billing(buyer.account).invoices.values.sorted {
      ($0.created, $0.number ?? "") < ($1.created, $1.number ?? "")
    }
  }

  /// Somebody gives an address in the portal.
  fileprivate func live(in country: String, _ buyer: Buyer) async throws {
    let customer = try await customer(of: buyer)
    _ = try await desk.client.post(
      "/v1/customers/\(customer)", ["address[country]": country, "address[postal_code]": "10117"], key: nil)
  }
}

extension JSON {
  fileprivate var isTaxed: Bool { self["automatic_tax"]["enabled"] == .bool(true) }
}
