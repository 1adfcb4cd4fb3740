import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Application
@testable import Domain
@testable import Server

/// What people see of money.
@Suite struct BillingPageTests {
  private static let hostile = "<script>alert(1)</script>\u{202E}\"'"

  @Test func whereBillingIsNotSetUpNothingCanBePaidAndWhatIsKnownIsShown() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      let page = try await browser.get("/billing").text
      let account = try #require(UUID(uuidString: try await browser.get("/projects").text.hidden("account")))
      #expect(page.contains("Billing is not set up on this server") && !page.contains("action=\"/billing/"))
      let sold = Sold(account: account)
      let now = service.clock.now.toSecond
      try await service.say(
        sold.subscription("past_due", .pro, until: now + .days(9)), sold.invoice("in_1", "open", created: now),
        of: account)
      let known = try await browser.get("/billing").text
      #expect(known.contains("A payment is overdue") && known.contains("USD 9.00 is open"))
      #expect(known.contains("A-1") && !known.contains("action=\"/billing/"), "nothing to click")
      for path in ["/billing/return", "/billing/tier?to=pro", "/billing/cancel"] {
        let refused = try await browser.get(path)
        #expect(refused.status == 409 && refused.text.contains("Billing is not set up here"), "\(path)")
      }
      let posted = try await browser.post("/billing/checkout", ["account": account.text, "tier": "pro"])
      #expect(posted.status == 409)
    }
  }

  @Test func textThatStripeBroughtStaysText() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      let account = try #require(UUID(uuidString: try await browser.get("/projects").text.hidden("account")))
      let sold = Sold(account: account)
      var (subscription, invoice) = (sold.subscription(), sold.invoice("in_1", created: service.clock.now.toSecond))
      (subscription.status, subscription.customer, subscription.subscription) = (
        Self.hostile, Self.hostile, Self.hostile
      )
      (invoice.number, invoice.status, invoice.currency) = (Self.hostile, Self.hostile, Self.hostile)
      try await service.say(subscription, invoice, of: account)
      let page = try await browser.get("/billing")
      #expect(page.status == 200)
      #expect(page.text.contains("&lt;script&gt;") && !page.text.contains("<script>alert"))
      #expect(!page.text.contains("\u{202E}"), "it would turn the direction of what stands around it")
    }
  }

  @Test func whoHasNothingIsOfferedWhatIsSold() throws {
    var here = SoldHere()
    let page = try here.page()
    #expect(page.contains("Subscribe to Pro") && page.contains("Subscribe to Business"))
    #expect(page.contains("action=\"/billing/checkout\"") && !page.contains("action=\"/billing/portal\""))
    here.sold = [.pro]
    let less = try here.page()
    #expect(less.contains("Subscribe to Pro") && !less.contains("Subscribe to Business"))
    #expect(less.contains("Not sold on this server."))
  }

  @Test(arguments: [Account.Role.admin, .member, .readOnly]) func whoMayNotManageBillingHasNoButtons(
    role: Account.Role
  ) throws {
    var here = SoldHere()
    #expect(try !here.page(role, chosen: .pro).contains("action=\"/billing/"))
    here.subscriptions = [here.subscription("past_due"), here.subscription(id: "sub_2", endsAt: here.now + .days(3))]
    here.owed = [here.invoice("in_1")]
    here.invoices = [MeteredInvoice(invoice: here.invoice("in_1"), month: CalendarMonth(of: here.now), usage: nil)]
    let page = try here.page(role)
    #expect(page.contains("A payment is overdue") && page.contains("Ends on"))
    #expect(!page.contains("action=\"/billing/") && !page.contains("href=\"/billing/tier"))
    #expect(page.contains("An owner of the account sees to it."))
  }

  @Test func aRunningSubscriptionIsMovedCancelledAndSeenToAtStripe() throws {
    var here = SoldHere()
    here.account = here.account.with(.pro)
    here.subscriptions = [here.subscription()]
    let page = try here.page()
    #expect(page.contains("Move up to Business") && page.contains("Cancel, and go back to Free"))
    #expect(!page.contains("action=\"/billing/checkout\"") && page.contains("action=\"/billing/portal\""))
    #expect(page.contains("2026-12-18 09:00 (UTC), and the next is paid then."))
    #expect(!page.contains("action=\"/billing/undo\""), "there is nothing to take back")
  }

  @Test func anUpgradeThatWasNotPaidIsSaidToHaveLapsedWithNothingChanged() throws {
    var here = SoldHere()
    here.account = here.account.with(.pro)
    var running = here.subscription()
    running.lapsed = .init(tier: .business, at: here.now - .hours(2))
    here.subscriptions = [running]
    let page = try here.page()
    #expect(page.contains("The upgrade to Business was not paid, and lapsed on 2026-11-28 07:00 (UTC)"))
    #expect(page.contains("nothing was charged for it. It is Pro, as before."))
    #expect(page.contains("Move up to Business"))
  }

  @Test func whatIsToHappenCanBeTakenBack() throws {
    var here = SoldHere()
    here.account = here.account.with(.business)
    here.subscriptions = [here.subscription("active", .business, scheduled: .pro)]
    let scheduled = try here.page()
    #expect(
      scheduled.contains("Becomes Pro on 2026-12-18 09:00 (UTC).") && scheduled.contains("action=\"/billing/undo\""))
    #expect(!scheduled.contains("Move down to Pro"), "it is to happen already")
    here.subscriptions = [here.subscription("active", .business, endsAt: here.now + .days(20))]
    let ending = try here.page()
    #expect(ending.contains("Ends on 2026-12-18 09:00 (UTC)") && ending.contains("action=\"/billing/undo\""))
    #expect(!ending.contains("Cancel, and go back to Free"))
  }

  @Test(arguments: [
    ("past_due", "A payment is overdue"), ("unpaid", "An invoice was not paid"),
    ("incomplete", "The first payment is not complete"),
  ]) func whoeverOwesIsLedToWhereItIsPaidAndNowhereElse(status: String, title: String) throws {
    var here = SoldHere()
    here.subscriptions = [here.subscription(status, status == "past_due" ? .pro : nil)]
    here.owed = [here.invoice("in_1")]
    let page = try here.page()
    #expect(page.contains(title) && page.contains("USD 9.00 is open."))
    #expect(page.contains("action=\"/billing/invoices/in_1/document\""))
    #expect(!page.contains("action=\"/billing/checkout\"") && !page.contains("Move up to"))
    here.owed = []
    #expect(try here.page().contains("See to it at Stripe"), "no invoice is known: the portal leads to it")
  }

  @Test func aPaymentThatWaitsForItsOwnerSaysSo() throws {
    var here = SoldHere()
    here.subscriptions = [here.subscription()]
    var invoice = here.invoice("in_1")
    invoice = invoice.waiting(since: here.now)
    here.owed = [invoice]
    let page = try here.page()
    #expect(page.contains("A payment waits for you") && page.contains("Your bank wants you to confirm it."))
    here.owed = [here.invoice("in_2")]
    #expect(try !here.page().contains("A payment"), "of an invoice that was just made nobody is told")
  }

  @Test func theTierThatSomebodyCameForIsPaidWhereThatIsPossible() throws {
    var here = SoldHere()
    let page = try here.page(chosen: .pro)
    #expect(page.contains("You chose Pro") && page.contains("Pay for Pro at Stripe"))
    #expect(!page.contains("recount account tier"))
    here.sold = []
    #expect(try !here.page(chosen: .pro).contains("Pay for Pro at Stripe"))
    here.account = here.account.with(.business)
    #expect(try !here.page(chosen: .pro).contains("You chose"))
  }

  @Test func invoicesLeadToTheirDocumentsAndHoldNoLinkOfStripes() throws {
    var here = SoldHere()
    here.invoices = [
      MeteredInvoice(
        invoice: here.invoice("in_1", "paid", currency: "jpy"), month: CalendarMonth(of: here.now), usage: nil)
    ]
    let page = try here.page()
    #expect(page.contains("JPY 900") && page.contains("November 2026"))
    #expect(page.contains("action=\"/billing/invoices/in_1/document\"") && page.contains("value=\"pdf\""))
    #expect(!page.contains("stripe.com"))
  }

  @Test func whyATierIsWhatItIsIsToldByPositions() throws {
    var here = SoldHere()
    here.origin = TierOrigin(
      tier: .pro, cause: .subscription, position: 48_211, at: here.now,
      follows: [
        TierOrigin.SubscriptionFact(
          subscription: Self.hostile, position: 48_210, at: here.now, status: "active", tier: .pro, facts: 12,
          mode: StripeMode(stripeAccount: "acct_1", livemode: true), customer: "cus_1")
      ])
    let page = try here.page()
    #expect(page.contains("Why Pro") && page.contains("48,211") && page.contains("48,210") && page.contains("cus_1"))
    #expect(!page.contains("<script>alert"))
  }

  @Test func beforeALowerTierIsAskedForItsEffectIsSpelledOut() throws {
    let here = SoldHere()
    let lowering = TierLowering(from: .business, to: .pro, at: here.now + .days(20))
    let page = try SoldHere.html("billing/lower", LoweringView(here.tenant(.owner), lowering, projects: 7))
    for text in [
      "Move down to Pro", "2026-12-18 09:00", "500,000 in December 2026 (UTC) still",
      "50,000 a month from January 2027",
      "You have 7, 2 more", "2026-12-25", "notices in Slack", "priority support", "$9 a month",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    #expect(page.contains("action=\"/billing/tier\"") && page.contains("name=\"tier\" value=\"pro\""))
    let cancel = TierLowering(from: .pro, to: .free, at: here.now + .days(20))
    let free = try SoldHere.html("billing/lower", LoweringView(here.tenant(.owner), cancel, projects: 1))
    #expect(free.contains("action=\"/billing/cancel\"") && free.contains("Nothing any more."))
    #expect(free.contains("1 of 1 that there is room for."))
  }

  @Test func whatIsGrantedStaysWhenTheSubscriptionEnds() throws {
    var here = SoldHere()
    here.account = here.account.with(.business, granted: AccountGrant(tier: .pro))
    let lowering = TierLowering(from: .business, to: .free, at: here.now + .days(20))
    let page = try SoldHere.html("billing/lower", LoweringView(here.tenant(.owner), lowering, projects: 1))
    #expect(page.contains("the account has Pro, which the operator grants"))
  }

  @Test func aHigherTierIsPaidForThePriceThatWasShown() throws {
    let here = SoldHere()
    let preview = BillingPreview(
      prorationDate: here.now, currency: "usd", dueNow: 2_300, next: 2_900, nextAt: here.now + .days(30), breakdown: nil
    )
    let page = try SoldHere.html("billing/raise", RaisingView(here.tenant(.owner), from: .pro, to: .business, preview))
    #expect(page.contains("Pay USD 23.00 now") && page.contains("USD 29.00") && page.contains("500,000"))
    #expect(page.contains("name=\"proration_date\" value=\"\(here.now)\""))
  }

  @Test func besideThePriceOfAHigherTierStandsItsTax() throws {
    let here = SoldHere()
    let preview = BillingPreview(
      prorationDate: here.now, currency: "usd", dueNow: 2_300, next: 3_451, nextAt: nil,
      breakdown: .init(subtotal: 2_000, tax: 380, total: 2_380))
    let page = try SoldHere.html("billing/raise", RaisingView(here.tenant(.owner), from: .pro, to: .business, preview))
    for text in ["USD 20.00", "USD 3.80", "USD 23.80", "Pay USD 23.00 now", "USD 34.51, incl. tax"] {
      #expect(page.contains(text), "\(text): \(page)")
    }
  }

  @Test(arguments: TaxBehavior.allCases) func besideEachPriceStandsWhetherTaxIsInIt(tax: TaxBehavior) throws {
    var here = SoldHere()
    #expect(try !here.page(chosen: .business).contains(" tax"), "where none is taken nothing is said of it")
    here.tax = tax
    here.invoices = [
      MeteredInvoice(invoice: here.invoice("in_1", tax: 144), month: CalendarMonth(of: here.now), usage: nil)
    ]
    let page = try here.page(chosen: .business)
    #expect(page.contains("Business is $29 a month, \(tax.note)."), "\(page)")
    // Each paid tier as a card and as a row, and what was chosen; what is free is not taxed.
    #expect(page.components(separatedBy: tax.note).count - 1 == 5, "\(page)")
    #expect(page.contains("incl. USD 1.44 tax"))
    let lowering = TierLowering(from: .business, to: .pro, at: here.now + .days(20))
    let lower = try SoldHere.html("billing/lower", LoweringView(here.tenant(.owner), lowering, projects: 1, tax: tax))
    #expect(lower.contains("$9 a month, \(tax.note), from then on"))
  }

  @Test func afterTenLooksStripeCanBeAskedAndAfterTenMoreThePageLetsGo() throws {
    let here = SoldHere()
    func view(_ query: [String: String]) throws -> String {
      let waiting = ReturnAddress(account: here.account.id) { query[$0] }
      return try SoldHere.html("billing/return", ReturnView(waiting, here.tenant(.owner)))
    }
    let first = try view(["tier": "pro", "session": "cs_test_a1"])
    #expect(first.contains("data-looks=") && first.contains("look=1") && first.contains("http-equiv=\"refresh\""))
    #expect(!first.contains("data-asks"))
    let ask = try view(["tier": "pro", "session": "cs_test_a1", "look": "10"])
    #expect(ask.contains("data-asks") && ask.contains("value=\"cs_test_a1\"") && !ask.contains("data-looks="))
    let more = try view(["tier": "pro", "session": "cs_test_a1", "look": "3", "asked": "yes"])
    #expect(more.contains("look=4") && more.contains("asked=yes"))
    let late = try view(["tier": "pro", "session": "cs_test_a1", "look": "10", "asked": "yes"])
    #expect(late.contains("It takes longer than usual") && !late.contains("data-asks"))
    for session in ["", "cs_<b>", "javascript:x", "pi_1"] {
      #expect(try !view(["session": session, "look": "10"]).contains("data-asks"), "\(session)")
    }
  }

  @Test func whatWasPaidIsKnownByTheTierThatItWasPaidFor() {
    let here = SoldHere()
    func isPaid(_ tier: Tier?, _ subscriptions: [ListedSubscription]) -> Bool {
      ReturnAddress(account: here.account.id) { $0 == "tier" ? tier?.rawValue : nil }
        .isPaid(BillingState(subscriptions: subscriptions, owed: [], origin: nil))
    }
    #expect(!isPaid(.pro, []) && !isPaid(nil, []))
    #expect(!isPaid(.pro, [here.subscription("incomplete", nil)]))
    #expect(isPaid(.pro, [here.subscription()]) && isPaid(nil, [here.subscription()]))
    #expect(!isPaid(.business, [here.subscription()]), "what is there is what was there before")
    #expect(isPaid(.pro, [here.subscription("active", .business)]))
  }

  @Test func formsLeadToStripeOnlyWhereBillingIsSetUp() {
    func policy(_ origins: [String]) -> String {
      var fields: HTTPFields = [:]
      PagePolicy(paymentOrigins: origins).add(to: &fields)
      return HTTPField.Name("Content-Security-Policy").flatMap { fields[$0] } ?? ""
    }
    #expect(policy([]).contains("form-action 'self';"))
    let set = policy(PagePolicy.stripeOrigins)
    #expect(set.contains("form-action 'self' https://checkout.stripe.com https://billing.stripe.com"))
    #expect(!set.contains("unsafe") && !set.contains("*"))
  }
}

extension ListedAccount {
  fileprivate func with(_ tier: Tier, granted: AccountGrant = AccountGrant()) -> ListedAccount {
    ListedAccount(
      id: id, name: name, tier: tier, monthlyQuota: Int64(tier.monthlyQuota), granted: granted, openedAt: openedAt,
      closedAt: closedAt, isDemo: isDemo)
  }
}

extension ListedInvoice {
  fileprivate func waiting(since time: Instant) -> ListedInvoice {
    ListedInvoice(
      id: id, number: number, subscription: subscription, status: status, currency: currency, total: total,
      amountDue: amountDue, amountPaid: amountPaid, tax: tax, attempts: attempts, nextAttempt: nextAttempt,
      reason: reason, created: created, periodStart: periodStart, periodEnd: periodEnd, failedAt: failedAt,
      actionRequiredAt: time, recoveredAt: recoveredAt, refunded: refunded, dispute: dispute)
  }
}
