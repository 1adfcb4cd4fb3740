import Foundation
import Testing

@testable import Domain

/// What must come out right, by number: the part of each that the fold has to say.
@Suite struct FoldSequenceTests {
  private let incomplete = SubscriptionFacts.of("incomplete")
  private let active = SubscriptionFacts.of()
  private let canceled = SubscriptionFacts.of("canceled")
  private let ending = SubscriptionFacts.of(cancelAt: .second(1_000), endsWithPeriod: true)

  private func folded(_ events: [StripeEventReceived]) -> FoldedSubscription? { StripeCustomer(received: events).one }

  @Test func sequence1UpdatedBeforeCreatedInOneSecondIsActive() {
    let one = folded([.updated("b", at: 7, incomplete, active), .created("a", at: 7, incomplete)])
    #expect(one?.state == active && one?.needsFetch == false)
  }

  @Test func sequence2FourEventsInAll24OrdersComeToOneState() {
    var session = StripeFacts()
    session.session = SessionFacts(status: "complete", paymentStatus: "paid", subscription: "sub_1", account: nil)
    let events: [StripeEventReceived] = [
      .created("a", at: 1, incomplete), .invoice("b", "paid", at: 1, .of("paid", paid: 900)),
      .updated("c", at: 1, incomplete, active),
      .event("d", "checkout.session.completed", of: "cs_1", at: 1, session),
    ]
    let expected = StripeCustomer(received: events)
    #expect(expected.one?.state == active && expected.one?.needsFetch == false)
    #expect(events.orders.count == 24)
    for order in events.orders { #expect(StripeCustomer(received: order).seen == expected.seen) }
  }

  @Test func sequence3OneEventFiveTimesIsOneFact() throws {
    var customer = StripeCustomer()
    var facts: [StripeCustomer.Event] = []
    for delivery in 1...5 {
      var event = StripeEventReceived.created("a", active)
      // Rendered otherwise: its id is what it is.
      (event.bodySHA, event.dataSHA) = ("\(delivery)", "\(delivery)")
      for fact in customer.decide(.receive(event)) {
        customer.evolve(fact)
        facts.append(fact)
      }
    }
    #expect(facts.count == 1 && customer.events == ["evt_a"])
  }

  @Test func sequence6UpgradeAndCancelWithinASecondIsCanceledInAnyOrder() {
    let business = SubscriptionFacts.of(price: "price_business")
    let end = SubscriptionFacts.of("canceled", price: "price_business")
    let events: [StripeEventReceived] = [
      .created("a", at: 1, active), .updated("b", at: 9, active, business), .deleted("c", at: 9, end),
    ]
    for order in events.orders {
      #expect(folded(order)?.state == end && folded(order)?.needsFetch == false)
    }
  }

  @Test func sequence7SetUnsetSetWithinASecondIsEnding() {
    let events: [StripeEventReceived] = [
      .created("a", at: 1, active), .updated("b", at: 9, active, ending), .updated("c", at: 9, ending, active),
      .updated("d", at: 9, active, ending),
    ]
    for order in events.orders {
      #expect(folded(order)?.state == ending && folded(order)?.needsFetch == false)
    }
  }

  @Test func sequence8PortalsCancelIsEndingThenAndRunsUntilItIsDeleted() {
    let portal = SubscriptionFacts.of(cancelAt: .second(1_000))
    var events: [StripeEventReceived] = [.created("a", at: 1, active), .updated("b", at: 9, active, portal)]
    #expect(folded(events)?.state.cancelAt == .second(1_000) && folded(events)?.state.cancelAtPeriodEnd == false)
    #expect(folded(events)?.state.status == "active")
    events.append(.deleted("c", at: 1_000, canceled))
    #expect(folded(events)?.state.status == "canceled")
  }

  @Test func sequence11FailedAfterPaidStaysPaid() {
    let failed = StripeEventReceived.invoice("a", "payment_failed", at: 9, .of("open", attempts: 1, next: .second(500)))
    let paid = StripeEventReceived.invoice("b", "paid", at: 20, .of("paid", attempts: 2, paid: 900))
    for order in [failed, paid].orders {
      let invoice = StripeCustomer(received: order).invoices["in_1"]
      #expect(invoice?.state.status == "paid" && invoice?.firstFailedAt == .second(9) && invoice?.lastFailedAt == nil)
    }
  }

  @Test func sequence17IncompleteExpiredIsTheEndWithoutADeletion() {
    let expired = SubscriptionFacts.of("incomplete_expired")
    let events: [StripeEventReceived] = [
      .created("a", at: 1, incomplete), .updated("b", at: 82_800, incomplete, expired),
      .updated("c", at: 82_800, incomplete, active),
    ]
    for order in events.orders {
      #expect(folded(order)?.state == expired && folded(order)?.needsFetch == false)
    }
  }

  @Test func sequence31ADeletedCustomerEndsSubscriptionsAndKeepsInvoices() {
    let events: [StripeEventReceived] = [
      .created("a", at: 1, active), .invoice("b", "paid", at: 1, .of("paid", paid: 900)),
      .event("c", "customer.deleted", of: "cus_1", at: 9, StripeFacts(deleted: true)),
      .created("d", at: 1, of: "sub_2", active),
    ]
    for order in events.orders {
      let customer = StripeCustomer(received: order)
      #expect(customer.isDeleted)
      #expect(customer.subscriptions.mapValues(\.state.status) == ["sub_1": "canceled", "sub_2": "canceled"])
      #expect(customer.invoices["in_1"]?.state.status == "paid")
    }
  }

  @Test func sequence38ThinIsRefusedAndAnOlderVersionIsReadByTheOldPlaces() throws {
    #expect(throws: StripeBody.Failure.thin) {
      try StripeBody(
        event: Array(#"{"id":"evt_1","object":"v2.core.event","type":"v1.billing.meter.no_meter_found"}"#.utf8))
    }
    let connected = try StripeBody(
      event: StripeBodies.event(
        "customer.updated", #"{"id":"cus_1","object":"customer"}"#, more: #""account":"acct_2","#))
    #expect(connected.connectedAccount == "acct_2")
    let old = try StripeBody(event: StripeBodies.event("customer.subscription.updated", StripeBodies.oldSubscription))
    #expect(old.apiVersion == "2020-03-02")
    #expect(old.object.facts?.subscription?.items.first?.periodEnd == Instant(milliseconds: 1_621_572_344_000))
  }
}
