import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Domain

/// Money through pages and API, against the Stripe to test against.
@Suite(.timeLimit(.whatHangs)) struct TillPageTests {
  @Test func whoPaysIsLedBackAndHasTheTierAsSoonAsStripeSaysSo() async throws {
    try await Till.with { till in
      let visitor = try await till.visitor()
      let browser = visitor.browser
      #expect(try await browser.get("/billing").text.contains("Subscribe to Pro"))
      let url = try await visitor.checkout("pro")
      #expect(url.hasPrefix(till.stripe.address.address))
      #expect(try await visitor.checkout("pro") == url, "a second click leads to the same page")
      let back = try await visitor.pay(url)
      let waiting = try await browser.get(back)
      #expect(
        waiting.status == 200 && waiting.text.contains("Your payment is being confirmed"),
        "\(waiting.text)")
      try await till.arrive()
      try await till.service.catchUp()
      let done = try await browser.get(back)
      #expect(
        done.status == 303
          && done.headers[.location] == "/billing?account=\(visitor.account)&done=subscribed")
      let billing = try await browser.get(try #require(done.headers[.location])).text
      #expect(billing.contains("It is paid, and the tier counts.") && billing.contains("Active"))
      #expect(billing.contains("Move up to Business") && billing.contains("USD 9.00"))
      #expect(!billing.contains("stripe.com") && !billing.contains(till.stripe.address.address))
    }
  }

  @Test func whereNothingArrivesStripeIsAsked() async throws {
    try await Till.with { till in
      let visitor = try await till.visitor()
      let url = try await visitor.checkout("pro")
      let session = try #require(url.split(separator: "/").last.map(String.init))
      let fields = ["account": visitor.account, "tier": "pro", "session": session]
      let unpaid = try await visitor.browser.submit("/billing/return", fields)
      #expect(unpaid.text.contains("nothing has been paid yet"), "\(unpaid.status)")
      _ = try await visitor.pay(url)
      let asked = try await visitor.browser.post("/billing/return", fields)
      #expect(asked.status == 303 && asked.headers[.location]?.contains("asked=yes") == true)
      try await till.follow()
      try await till.service.catchUp()
      let done = try await visitor.browser.get(try #require(asked.headers[.location]))
      #expect(done.status == 303 && done.headers[.location]?.hasSuffix("done=subscribed") == true)
    }
  }

  @Test func aRunningSubscriptionGoesUpDownAndEndsAsItsPagesSay() async throws {
    try await Till.with { till in
      let visitor = try await till.subscriber("pro")
      let (browser, account) = (visitor.browser, visitor.account)
      let raise = try await browser.get("/billing/tier?account=\(account)&to=business").text
      #expect(raise.contains("Move up to Business") && raise.contains("USD 29.00"), "\(raise)")
      let up = try await browser.submit(
        "/billing/tier",
        [
          "account": account, "tier": "business",
          "proration_date": try raise.hidden("proration_date"),
        ])
      #expect(up.text.contains("The higher tier is paid"), "\(up.status)")
      try await till.arrive()
      #expect(try await visitor.billing().contains("Move down to Pro"))

      let lower = try await browser.get("/billing/tier?account=\(account)&to=pro").text
      #expect(lower.contains("Move down to Pro") && lower.contains("notices in Slack"), "\(lower)")
      _ = try await browser.post("/billing/tier", ["account": account, "tier": "pro"])
      try await till.arrive()
      #expect(try await visitor.billing().contains("Becomes Pro on"))
      _ = try await browser.post("/billing/undo", ["account": account])
      try await till.arrive()
      #expect(try await !visitor.billing().contains("Becomes Pro on"))

      #expect(
        try await browser.get("/billing/cancel?account=\(account)").text.contains(
          "Cancel the subscription"))
      _ = try await browser.post("/billing/cancel", ["account": account])
      try await till.arrive()
      #expect(try await visitor.billing().contains("Ends on"))
      let undone = try await browser.submit("/billing/undo", ["account": account])
      #expect(undone.text.contains("the subscription goes on"))
      try await till.arrive()
      #expect(try await !visitor.billing().contains("Ends on"))
    }
  }

  @Test func whoeverOwesIsLedToTheInvoiceAndToNoOtherCheckout() async throws {
    try await Till.with { till in
      let visitor = try await till.subscriber("pro", card: "fails_later")
      try await till.advance(days: 32)
      try await till.arrive()
      try await visitor.logIn()
      let page = try await visitor.billing()
      #expect(page.contains("A payment is overdue") && page.contains("USD 9.00 is open"), "\(page)")
      let form = try #require(
        page.firstMatch(of: /action="(\/billing\/invoices\/in_[^"]+\/document)"/)?.output.1)
      let paid = try await visitor.browser.post(
        String(form), ["account": visitor.account, "kind": "page"])
      #expect(
        paid.status == 303
          && paid.headers[.location]?.hasPrefix(till.stripe.address.address) == true)
      #expect(paid.header("Cache-Control") == "no-store")
      let other = try await visitor.browser.post("/billing/portal", ["account": visitor.account])
      #expect(
        other.status == 303
          && other.headers[.location]?.hasPrefix(till.stripe.address.address) == true)
    }
  }

  @Test func theAPISaysAndDoesTheSame() async throws {
    try await Till.with { till in
      let (tenant, owner) = try await till.service.openWithOwner(.free)
      let path = "\(tenant.account)/billing"
      let page = try await till.service.send(
        .post, "\(path)/checkout", as: owner, #"{"tier": "pro"}"#)
      let url = try #require(page["url"].string, "\(page.text)")
      let session = try #require(url.split(separator: "/").last)
      try await till.stripe.test("pay", #"{"session": "\#(session)", "card": "ok"}"#)
      try await till.arrive()
      let state = try await till.service.see(path, as: owner)
      #expect(
        state["tier"] == "pro" && state["is_set_up"] == .bool(true)
          && state["livemode"] == .bool(false), "\(state.text)")
      #expect(
        state["subscriptions"][0]["status"] == "active"
          && state["because"]["cause"] == "subscription")
      #expect(state["because"]["subscriptions"][0]["status"] == "active")
      #expect(
        state["tiers"].elements.map { $0["is_sold"] } == [.bool(false), .bool(true), .bool(true)])
      try await till.service.send(.post, "\(path)/checkout", as: owner, #"{"tier": "business"}"#)
        .expectProblem(
          "already-subscribed", status: 409)
      let preview = try await till.service.send(
        .post, "\(path)/preview", as: owner, #"{"tier": "business"}"#)
      #expect(preview["currency"] == "usd" && preview["next"] == 2_900, "\(preview.text)")
      let date = try #require(preview["proration_date"].string)
      let moved = try await till.service.send(
        .post, "\(path)/tier", as: owner, #"{"tier": "business", "proration_date": "\#(date)"}"#)
      #expect(moved["outcome"] == "done", "\(moved.text)")
      try await till.arrive()
      #expect(try await till.service.see(path, as: owner)["tier"] == "business")
      let cancelled = try await till.service.send(.post, "\(path)/cancel", as: owner)
      #expect(cancelled.status == 202, "\(cancelled.text)")
      try await till.arrive()
      #expect(try await till.service.see(path, as: owner)["subscriptions"][0]["ends_at"] != .null)
      #expect(try await till.service.send(.post, "\(path)/undo", as: owner).status == 202)
      try await till.arrive()
      try await till.service.send(.post, "\(path)/undo", as: owner).expectProblem(
        "nothing-to-undo", status: 409)
      let invoices = try await till.service.see("\(path)/invoices", as: owner)["invoices"]
      #expect(invoices.elements.count == 2 && invoices[0]["month"].string != nil)
      let id = try #require(invoices[0]["invoice_id"].string)
      let links = try await till.service.send(.get, "\(path)/invoices/\(id)/links", as: owner)
      #expect(links["page"].string?.hasPrefix(till.stripe.address.address) == true, "\(links.text)")
      #expect(links.header("Cache-Control") == "no-store")
      try await till.service.send(.get, "\(path)/invoices/in_other/links", as: owner).expectProblem(
        "invoice-not-found", status: 404)
    }
  }

  @Test func whoCameForATierIsLedFromTheLogInToWhereItIsPaid() async throws {
    try await Till.with { till in
      let person = try await till.service.verified()
      try await till.service.catchUp()
      let browser = Browser(till.service)
      _ = try await browser.get("/sign-up?tier=pro")
      let answer = try await browser.post(
        "/log-in", ["email": person.email, "password": person.password])
      #expect(answer.headers[.location] == "/billing")
      let page = try await browser.get("/billing").text
      #expect(page.contains("You chose Pro") && page.contains("Pay for Pro at Stripe"))
    }
  }
}

/// Somebody who looks at pages of a till.
private struct TillVisitor: Sendable {
  let till: Till
  let person: Service.SignedUp
  let browser: Browser
  let account: String

  /// Anew: sessions end while nobody looks.
  func logIn() async throws {
    let answer = try await browser.post(
      "/log-in", ["email": person.email, "password": person.password])
    #expect(answer.status == 303, "\(answer.text)")
  }

  /// Where a checkout leads.
  func checkout(_ tier: String) async throws -> String {
    let answer = try await browser.post("/billing/checkout", ["account": account, "tier": tier])
    #expect(answer.status == 303 && answer.header("Cache-Control") == "no-store", "\(answer.text)")
    return try #require(answer.headers[.location])
  }

  /// Pays there; the page of ours that Stripe leads back to.
  func pay(_ url: String, card: String = "ok") async throws -> String {
    let session = try #require(url.split(separator: "/").last)
    let paid = try await till.stripe.test("pay", #"{"session": "\#(session)", "card": "\#(card)"}"#)
    let back = try #require(paid["redirect"].string)
    let path = try #require(back.range(of: "/billing/return"))
    return String(back[path.lowerBound...])
  }

  /// What is shown once the read models are where the log is.
  func billing() async throws -> String {
    try await till.service.catchUp()
    return try await browser.get("/billing?account=\(account)").text
  }
}

extension Till {
  fileprivate func visitor() async throws -> TillVisitor {
    let (person, browser) = try await service.browsing()
    let account = try await browser.get("/projects").text.hidden("account")
    return TillVisitor(till: self, person: person, browser: browser, account: account)
  }

  fileprivate func subscriber(_ tier: String, card: String = "ok") async throws -> TillVisitor {
    let visitor = try await visitor()
    _ = try await visitor.pay(try await visitor.checkout(tier), card: card)
    try await arrive()
    try await service.catchUp()
    return visitor
  }
}
