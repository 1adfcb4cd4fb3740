import Testing

@testable import Domain

/// R5: of all else the highest rank counts, whatever came last.
@Suite struct MaximumFoldTests {
  private func expect<Value: Equatable>(
    _ events: [StripeEventReceived], _ member: (StripeCustomer) -> Value?, is value: Value,
    at place: SourceLocation = #_sourceLocation
  ) {
    for order in (events + events.prefix(1)).orders {
      #expect(member(StripeCustomer(received: order)) == value, "\(order.map(\.eventID))", sourceLocation: place)
    }
  }

  @Test func anInvoiceIsWhatRanksHighestOfIt() {
    let words = ["draft", "open", "uncollectible", "void", "paid"]
    for (place, word) in words.enumerated() {
      // Made in the opposite order: no time counts.
      let events = words[...place].enumerated().map { number, word in
        StripeEventReceived.invoice(word, "updated", at: 100 - number, .of(word))
      }
      expect(events, { $0.invoices["in_1"]?.state.status }, is: word)
    }
    expect(
      [.invoice("a", "updated", at: 9, .of("of_the_future")), .invoice("b", "finalized", at: 1, .of("open"))],
      { $0.invoices["in_1"]?.state.status }, is: "open")
  }

  @Test func attemptsAreTheMostThatWereEverSaid() {
    let events: [StripeEventReceived] = [
      .invoice("a", "payment_failed", at: 9, .of("open", attempts: 2, next: .second(900))),
      .invoice("b", "payment_failed", at: 10, .of("open", attempts: 1, next: .second(500))),
      .invoice("c", "paid", at: 20, .of("paid", attempts: 1, paid: 900)),
    ]
    expect(events, { $0.invoices["in_1"]?.state.attemptCount }, is: 2)
    expect(events, { $0.invoices["in_1"]?.state.amountPaid }, is: 900)
    expect(Array(events[..<2]), { $0.invoices["in_1"]?.state.nextPaymentAttempt }, is: .second(900))
  }

  @Test func failuresAreTheFirstAndTheLastThatWereSaid() {
    let events: [StripeEventReceived] = [
      .invoice("a", "payment_failed", at: 9, .of("open", attempts: 1, next: .second(500))),
      .invoice("b", "payment_failed", at: 500, .of("open", attempts: 2, next: .second(900))),
      .invoice("c", "payment_failed", at: 900, .of("open", attempts: 3)),
      .invoice("d", "payment_action_required", at: 8, .of("open")),
    ]
    expect(events, { $0.invoices["in_1"]?.firstFailedAt }, is: .second(9))
    expect(events, { $0.invoices["in_1"]?.lastFailedAt }, is: .second(900))
    expect(events, { $0.invoices["in_1"]?.actionRequiredAt }, is: .second(8))
    expect(Array(events[..<2]), { $0.invoices["in_1"]?.lastFailedAt == nil }, is: true)
    expect([events[3]], { $0.invoices["in_1"]?.firstFailedAt == nil }, is: true)
  }

  private static func refund(_ status: String) -> StripeFacts {
    var facts = StripeFacts()
    facts.refund = RefundFacts(status: status, amount: 900, currency: "usd", charge: "ch_1", paymentIntent: "pi_1")
    return facts
  }

  private static func dispute(_ status: String) -> StripeFacts {
    var facts = StripeFacts()
    facts.dispute = DisputeFacts(
      status: status, amount: 900, currency: "usd", reason: nil, charge: "ch_1", paymentIntent: "pi_1")
    return facts
  }

  private static func session(_ status: String, _ payment: String = "unpaid") -> StripeFacts {
    var facts = StripeFacts()
    facts.session = SessionFacts(status: status, paymentStatus: payment, subscription: "sub_1", account: nil)
    return facts
  }

  @Test func aRefundThatFailedFailed() {
    let words = ["pending", "requires_action", "succeeded", "canceled", "failed"]
    for (place, word) in words.enumerated() {
      let events = words[...place].map {
        StripeEventReceived.event($0, "refund.updated", of: "re_1", at: 9, Self.refund($0))
      }
      expect(events, { $0.refunds["re_1"]?.status }, is: word)
    }
  }

  @Test(arguments: ["won", "lost", "warning_closed", "prevented"]) func aDisputeThatIsOverIsOver(end: String) {
    let events = [end, "under_review", "warning_needs_response", "needs_response"].map {
      StripeEventReceived.event($0, "charge.dispute.updated", of: "dp_1", at: 9, Self.dispute($0))
    }
    expect(events, { $0.disputes["dp_1"]?.status }, is: end)
    expect(Array(events[1...]), { $0.disputes["dp_1"]?.status }, is: "under_review")
  }

  @Test func aSessionThatIsCompleteIsNoLongerOpen() {
    let events: [StripeEventReceived] = [
      .event("a", "checkout.session.completed", of: "cs_1", at: 1, Self.session("complete")),
      .event("b", "checkout.session.async_payment_succeeded", of: "cs_1", at: 1, Self.session("complete", "paid")),
      .event("c", "checkout.session.expired", of: "cs_1", at: 9, Self.session("expired")),
    ]
    expect(events, { $0.sessions["cs_1"] }, is: Self.session("complete", "paid").session)
  }

  @Test func aPaymentIsListedOnceForItsInvoice() {
    func paid(_ id: String, _ invoice: String, _ status: String) -> StripeEventReceived {
      var facts = StripeFacts()
      facts.payment = InvoicePaymentFacts(invoice: invoice, paymentIntent: "pi_" + invoice, charge: nil, status: status)
      return .event("\(id) \(status)", "invoice_payment.paid", of: id, at: 1, facts)
    }
    let events = [paid("inpay_1", "in_2", "open"), paid("inpay_1", "in_2", "paid"), paid("inpay_2", "in_1", "paid")]
    expect(events, { $0.payments.map { "\($0.invoice) \($0.status)" } }, is: ["in_1 paid", "in_2 paid"])
  }

  @Test func ofAChargeTheMostThatWentBackCounts() {
    func refunded(_ amount: Int, at second: Int) -> StripeEventReceived {
      var facts = StripeFacts()
      facts.charge = ChargeFacts(
        paymentIntent: "pi_1", amount: 900, amountRefunded: amount, currency: "usd", refunded: amount == 900)
      return .event("\(amount)", "charge.refunded", of: "ch_1", at: second, facts)
    }
    expect([refunded(900, at: 1), refunded(400, at: 9)], { $0.charges["ch_1"]?.amountRefunded }, is: 900)
  }

  @Test func aScheduleThatWasLetGoStaysSo() {
    func schedule(_ status: String, at second: Int) -> StripeEventReceived {
      var facts = StripeFacts()
      facts.schedule = ScheduleFacts(
        status: status, subscription: "sub_1", phases: [.init(start: .second(second), end: nil, prices: ["price_pro"])])
      return .event("\(status) \(second)", "subscription_schedule.updated", of: "sub_sched_1", at: second, facts)
    }
    let (first, second) = (schedule("active", at: 5), schedule("active", at: 9))
    expect([first, second], { $0.schedules["sub_sched_1"]?.phases.first?.start }, is: .second(9))
    expect([schedule("released", at: 4), first, second], { $0.schedules["sub_sched_1"]?.status }, is: "released")
  }

  @Test func anAnswerToAGetCountsAsAnEventDoes() {
    let open = StripeCustomer.Event.received(.invoice("a", "finalized", at: 5, .of("open")))
    var answer = StripeObjectFetched.answer(.of(), knowing: [], at: 1, of: "in_1")
    answer.facts = StripeFacts(InvoiceFacts.of("paid", paid: 900))
    for order in [open, .fetched(answer)].orders {
      #expect(StripeCustomer(order).invoices["in_1"]?.state.status == "paid")
      #expect(StripeCustomer(order).subscriptions.isEmpty)
    }
  }
}
