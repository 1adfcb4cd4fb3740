import Foundation
import Testing

@testable import Domain

/// Bodies come to the same facts whatever their API version.
@Suite struct StripeBodyTests {
  private func object(_ json: String) throws -> StripeObject { try StripeObject(json: Array(json.utf8)) }

  private func facts(_ json: String) throws -> StripeFacts { try #require(try object(json).facts) }

  @Test func anEventIsReadWithItsEnvelope() throws {
    let body = try StripeBody(
      event: StripeBodies.event(
        "customer.subscription.updated", StripeBodies.newSubscription, before: #"{"status":"incomplete"}"#,
        version: "2026-10-28.endive"))
    #expect(body.eventID == "evt_1" && body.eventType == "customer.subscription.updated")
    #expect(body.apiVersion == "2026-10-28.endive" && !body.livemode && body.requestID == "req_1")
    #expect(body.created == Instant(milliseconds: 1_790_000_000_000) && body.connectedAccount == nil)
    #expect(body.object.id == "sub_1" && body.object.customer == "cus_1" && body.object.subscription == "sub_1")
    #expect(body.object.installation == "i-1" && body.object.account == "a-1")
    var before = body.object.facts
    before?.subscription?.status = "incomplete"
    #expect(body.prior == before)
  }

  @Test func equalStatesOfThreeVersionsAreEqual() throws {
    let new = try #require(try facts(StripeBodies.newSubscription).subscription)
    #expect(try facts(StripeBodies.oldSubscription).subscription == new)
    #expect(try facts(StripeBodies.plannedSubscription).subscription == new)
    #expect(
      new.items == [
        .init(
          price: "price_1", product: "prod_1", quantity: 1, tier: "pro",
          periodStart: Instant(milliseconds: 1_618_980_344_000), periodEnd: Instant(milliseconds: 1_621_572_344_000))
      ])
  }

  @Test func whatEndsWithItsPeriodEndsThenInEachVersion() throws {
    let old = StripeBodies.oldSubscription.replacing(
      "\"cancel_at_period_end\":false", with: "\"cancel_at_period_end\":true")
    let new = StripeBodies.newSubscription
      .replacing("\"cancel_at_period_end\":false", with: "\"cancel_at_period_end\":true")
      .replacing("\"cancel_at\":null", with: "\"cancel_at\":1621572344")
    #expect(try facts(old) == facts(new))
    let portal = StripeBodies.newSubscription.replacing("\"cancel_at\":null", with: "\"cancel_at\":1621572344")
    let state = try facts(portal).subscription
    #expect(state?.cancelAt == Instant(milliseconds: 1_621_572_344_000) && state?.cancelAtPeriodEnd == false)
  }

  /// A renewal: in the old place one member changed, in the new one the whole list of items.
  @Test func whatWasBeforeIsOverlaidObjectsDeeplyAndListsWhole() throws {
    let old = try StripeBody(
      event: StripeBodies.event(
        "customer.subscription.updated", StripeBodies.oldSubscription,
        before: #"{"current_period_start":1610000000,"current_period_end":1618980344,"latest_invoice":"in_0"}"#))
    let new = try StripeBody(
      event: StripeBodies.event(
        "customer.subscription.updated", StripeBodies.newSubscription,
        before: #"""
          {"latest_invoice":"in_0","items":{"data":[{"id":"si_1","current_period_start":1610000000,"current_period_end":1618980344,
          "price":{"id":"price_1","metadata":{"recount_tier":"pro"},"product":"prod_1"},"quantity":1}]}}
          """#))
    #expect(old.prior == new.prior)
    #expect(old.prior?.subscription?.latestInvoice == "in_0")
    #expect(old.prior?.subscription?.items.first?.periodEnd == Instant(milliseconds: 1_618_980_344_000))
  }

  /// Whose end was put off: that it is paused, and how, is as it was.
  @Test func whatIsNotSaidOfAnObjectBeforeIsAsItWas() throws {
    let paused = StripeBodies.newSubscription
      .replacing("\"pause_collection\":null", with: #""pause_collection":{"behavior":"void","resumes_at":1800000000}"#)
    let before = #"{"pause_collection":{"resumes_at":1790000000}}"#
    let body = try StripeBody(event: StripeBodies.event("customer.subscription.updated", paused, before: before))
    #expect(body.prior?.subscription?.pauseCollection == "void" && body.prior == body.object.facts)
    let begun = try StripeBody(
      event: StripeBodies.event("customer.subscription.updated", paused, before: #"{"pause_collection":null}"#))
    #expect(try #require(begun.prior?.subscription).pauseCollection == nil)
  }

  @Test func itemsAreInOrderOfTheirPrices() throws {
    func subscription(_ prices: [String]) -> String {
      let items = prices.map { #"{"price":"\#($0)","quantity":2}"# }.joined(separator: ",")
      return #"{"id":"sub_1","object":"subscription","status":"active","items":{"data":[\#(items)]}}"#
    }
    let state = try facts(subscription(["price_b", "price_a"])).subscription
    #expect(state?.items.map(\.price) == ["price_a", "price_b"] && state?.items.first?.quantity == 2)
    #expect(try facts(subscription(["price_a", "price_b"])).subscription == state)
    #expect(state?.created == nil && state?.items.first?.periodEnd == nil, "what is nowhere is not 1970")
  }

  @Test func anInvoicesSubscriptionAndPeriodAreReadInTheNewAndTheOldPlace() throws {
    let period = #""period":{"start":1700000000,"end":1702000000}"#
    let bodies = [
      #""parent":{"type":"subscription_details","subscription_details":{"subscription":"sub_1","metadata":{"recount_installation":"i-1"}}},"total_taxes":[{"amount":100},{"amount":71}],"lines":{"data":[{"parent":{"subscription_item_details":{"subscription":"sub_1"}},\#(period)}]}"#,
      #""subscription":"sub_1","subscription_details":{"metadata":{"recount_installation":"i-1"}},"tax":171,"lines":{"data":[{"subscription":"sub_1",\#(period)}]}"#,
      #""subscription":null,"tax":171,"lines":{"data":[{"subscription":"sub_1","metadata":{"recount_installation":"i-1"},\#(period)}]}"#,
    ].map(StripeBodies.invoice)
    for body in bodies {
      let object = try object(body)
      #expect(object.subscription == "sub_1" && object.customer == "cus_1" && object.installation == "i-1")
      let invoice = try #require(object.facts?.invoice)
      #expect(invoice.subscription == "sub_1" && invoice.tax == 171 && invoice.attemptCount == 1)
      #expect(invoice.periodStart == Instant(milliseconds: 1_700_000_000_000))
      #expect(invoice.periodEnd == Instant(milliseconds: 1_702_000_000_000))
      #expect(invoice.nextPaymentAttempt == Instant(milliseconds: 1_700_300_000_000))
    }
    let bare = try facts(StripeBodies.invoice(#""next":0"#)).invoice
    #expect(
      bare?.periodStart == Instant(milliseconds: 1_699_000_000_000) && bare?.subscription == nil && bare?.tax == nil)
  }

  @Test func theOtherObjectsAreRead() throws {
    #expect(
      try facts(
        #"{"id":"inpay_1","object":"invoice_payment","invoice":"in_1","status":"paid","payment":{"type":"payment_intent","payment_intent":"pi_1"}}"#
      ).payment == InvoicePaymentFacts(invoice: "in_1", paymentIntent: "pi_1", charge: nil, status: "paid"))
    let session = try object(
      #"{"id":"cs_1","object":"checkout.session","status":"complete","payment_status":"paid","subscription":"sub_1","customer":"cus_1","client_reference_id":"a-1","metadata":{"recount_account":"a-2"}}"#
    )
    #expect(session.subscription == "sub_1" && session.account == "a-1")
    #expect(
      session.facts?.session
        == SessionFacts(status: "complete", paymentStatus: "paid", subscription: "sub_1", account: "a-1"))
    #expect(
      try facts(
        #"{"id":"ch_1","object":"charge","amount":900,"amount_refunded":900,"currency":"usd","refunded":true,"payment_intent":{"id":"pi_1"}}"#
      ).charge == ChargeFacts(paymentIntent: "pi_1", amount: 900, amountRefunded: 900, currency: "usd", refunded: true))
    #expect(
      try facts(#"{"id":"re_1","object":"refund","amount":900,"currency":"usd","status":"pending","charge":"ch_1"}"#)
        .refund
        == RefundFacts(status: "pending", amount: 900, currency: "usd", charge: "ch_1", paymentIntent: nil))
    #expect(
      try facts(
        #"{"id":"dp_1","object":"dispute","amount":900,"currency":"usd","status":"lost","reason":"fraudulent","charge":"ch_1","payment_intent":"pi_1"}"#
      ).dispute
        == DisputeFacts(
          status: "lost", amount: 900, currency: "usd", reason: "fraudulent", charge: "ch_1", paymentIntent: "pi_1"))
    #expect(
      try facts(#"{"id":"issfr_1","object":"radar.early_fraud_warning","charge":"ch_1","actionable":true}"#).warning
        == WarningFacts(charge: "ch_1", paymentIntent: nil, actionable: true))
    #expect(try object(#"{"id":"prod_1","object":"product"}"#).facts == nil)
  }

  @Test func ofAScheduleItsPhasesAreRead() throws {
    let schedule = try object(
      #"""
      {"id":"sub_sched_1","object":"subscription_schedule","status":"released","customer":"cus_1","subscription":null,
      "released_subscription":"sub_1","phases":[{"start_date":1700000000,"end_date":1702000000,"items":[{"price":{"id":"price_1"}}]},
      {"start_date":1702000000,"end_date":null,"plans":[{"plan":"price_2"}]}]}
      """#)
    #expect(schedule.subscription == "sub_1")
    let (start, end) = (Instant(milliseconds: 1_700_000_000_000), Instant(milliseconds: 1_702_000_000_000))
    #expect(
      schedule.facts?.schedule
        == ScheduleFacts(
          status: "released", subscription: "sub_1",
          phases: [
            .init(start: start, end: end, prices: ["price_1"]), .init(start: end, end: nil, prices: ["price_2"]),
          ]))
  }

  @Test(arguments: [#"{"id":"cus_1","object":"customer","deleted":true}"#, #"{"id":"cus_1","object":"customer"}"#])
  func aDeletedCustomerIsTheObjectItself(customer: String) throws {
    let deleted = try StripeBody(event: StripeBodies.event("customer.deleted", customer))
    #expect(deleted.object.customer == "cus_1" && deleted.object.facts?.customer?.deleted == true)
    let made = try object(
      #"{"id":"cus_1","object":"customer","metadata":{"recount_account":"a-1","recount_installation":"i-1"}}"#)
    #expect(made.installation == "i-1" && made.facts?.customer == CustomerFacts(deleted: false, account: "a-1"))
  }

  @Test func whatIsHashedDoesNotDependOnTheOrderOfMembers() throws {
    func data(_ object: String) throws -> [UInt8] {
      try StripeBody(event: StripeBodies.event("customer.updated", object, before: #"{"b":1,"a":2}"#)).canonicalData
    }
    let one = try data(#"{"id":"cus_1","object":"customer","name":"é","n":{"y":1.50,"x":[1,2]}}"#)
    #expect(try data(#"{"n":{"x":[1,2],"y":1.5},"name":"\u00e9","object":"customer","id":"cus_1"}"#) == one)
    #expect(try data(#"{"n":{"x":[2,1],"y":1.5},"name":"\u00e9","object":"customer","id":"cus_1"}"#) != one)
    #expect(
      String(decoding: one, as: UTF8.self)
        == #"{"object":{"id":"cus_1","n":{"x":[1,2],"y":1.5},"name":"é","object":"customer"},"previous_attributes":{"a":2,"b":1}}"#
    )
  }

  @Test(arguments: ["", "no", "[]", "7", "{", #"{"id":"evt_1""#]) func whatIsNoObjectIsNoBody(text: String) {
    #expect(throws: StripeBody.Failure.notJSON) { try StripeBody(event: Array(text.utf8)) }
    #expect(throws: StripeBody.Failure.notJSON) { try StripeObject(json: Array(text.utf8)) }
  }

  @Test(arguments: [
    ("id", #"{"object":"event"}"#), ("type", #"{"id":"evt_1"}"#),
    ("created", #"{"id":"evt_1","type":"x","created":0}"#),
    ("livemode", #"{"id":"evt_1","type":"x","created":7}"#),
    ("data.object", #"{"id":"evt_1","type":"x","created":7,"livemode":true,"data":{}}"#),
  ]) func anEventThatLacksWhatAllHaveIsRefused(member: String, text: String) {
    #expect(throws: StripeBody.Failure.missing(member)) { try StripeBody(event: Array(text.utf8)) }
  }

  @Test func anObjectThatLacksWhatIsReadHasNoFactsAndIsNoFailure() throws {
    let body = try StripeBody(event: StripeBodies.event("customer.subscription.updated", #"{"object":"subscription"}"#))
    #expect(body.object.facts == nil && body.object.id == "")
    #expect(throws: StripeBody.Failure.missing("id")) { try object(#"{"object":"subscription"}"#) }
  }
}
