import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Domain

/// What is asked of the read model of money, held against what was said.
@Suite(.timeLimit(.whatHangs)) struct BillingQuestionTests {
  private static let live = StripeMode(stripeAccount: "acct_1", livemode: true)
  private static let test = StripeMode(stripeAccount: "acct_1", livemode: false)

  @Test func ofEachSubscriptionTheLastWordCounts() async throws {
    try await Recounted.with { recounted in
      let sold = try await Sold(recounted)
      let end = Instant.now.toSecond + .days(20)
      try await sold.say(sold.subscription("sub_1", "incomplete", nil), sold.subscription("sub_1", "active", .pro, end))
      try await recounted.catchUp()
      let first = try await sold.billing(Self.live)
      #expect(first.subscriptions.map(\.id) == ["sub_1"])
      #expect(first.main?.status == "active" && first.tier == .pro)
      #expect(first.main?.periodEnd == end && first.main?.endsAt == nil && first.main?.scheduled == nil)

      var ending = sold.subscription("sub_1", "active", .pro, end)
      ending.endsAt = end
      try await sold.say(ending, sold.subscription("sub_2", "past_due", .business, end))
      try await recounted.catchUp()
      let then = try await sold.billing(Self.live)
      #expect(then.subscriptions.map(\.id) == ["sub_2", "sub_1"], "what was said last first")
      #expect(then.tier == .business && then.main?.id == "sub_2" && then.main?.isOwing == true)
      #expect(then.subscriptions.last?.endsAt == end)
    }
  }

  @Test func nothingOfTheTestSideIsShownOfTheLiveOne() async throws {
    try await Recounted.with { recounted in
      let sold = try await Sold(recounted)
      var rehearsed = sold.subscription("sub_test", "active", .business)
      rehearsed.livemode = false
      var invoice = sold.invoice("in_test")
      invoice.livemode = false
      try await sold.say(rehearsed, invoice, sold.subscription("sub_live", "active", .pro), sold.invoice("in_live"))
      try await recounted.catchUp()
      #expect(try await sold.billing(Self.live).tier == .pro)
      #expect(try await sold.billing(Self.test).tier == .business)
      #expect(try await sold.billing(nil).subscriptions.count == 2, "where the side is not known, all of them")
      #expect(try await sold.invoices(Self.live) == ["in_live"])
      #expect(try await sold.invoices(Self.test) == ["in_test"])
    }
  }

  @Test func whatIsScheduledGoesWhenItIsCalledOff() async throws {
    try await Recounted.with { recounted in
      let sold = try await Sold(recounted)
      let at = Instant.now.toSecond + .days(9)
      let scheduled = TierChangeScheduled(
        accountID: sold.account, subscription: "sub_1", fromTier: .business, toTier: .pro, at: at)
      try await sold.say(sold.subscription("sub_1", "active", .business), scheduled)
      try await recounted.catchUp()
      #expect(try await sold.billing(Self.live).main?.scheduled == .init(tier: .pro, at: at))
      var none = scheduled
      (none.toTier, none.at) = (nil, nil)
      try await sold.say(none)
      try await recounted.catchUp()
      #expect(try await sold.billing(Self.live).main?.scheduled == nil)
    }
  }

  @Test func anUpgradeThatLapsedIsShownUntilSomethingIsSaidOrAskedOfItsSubscription() async throws {
    try await Recounted.with { recounted in
      let sold = try await Sold(recounted)
      let at = Instant.now.toSecond
      let lapsed = UpgradeExpired(
        accountID: sold.account, subscription: "sub_1", tier: .pro, toTier: .business, at: at)
      let shown = { () async throws -> ListedSubscription.LapsedUpgrade? in
        try await recounted.catchUp()
        return try await sold.billing(Self.live).main?.lapsed
      }
      try await sold.say(sold.subscription("sub_1", "active", .pro), lapsed)
      #expect(try await shown() == .init(tier: .business, at: at))
      try await sold.say(
        TierChangeRequested(
          accountID: sold.account, commandID: UUID(), subscription: "sub_1", fromTier: .pro, toTier: .business,
          price: "price_1", requestedBy: UUID(), prorationDate: at))
      #expect(try await shown() == nil)
      try await sold.say(lapsed)
      #expect(try await shown() != nil)
      try await sold.say(sold.subscription("sub_1", "active", .business))
      #expect(try await shown() == nil)
    }
  }

  @Test func invoicesComeInPagesAndSayWhatWasToldAndWentBackOfThem() async throws {
    try await Recounted.with { recounted in
      let sold = try await Sold(recounted)
      let start = Instant.now.toSecond - .days(300)
      for index in 0..<7 {
        var invoice = sold.invoice("in_\(index)")
        // Two of each moment: what ties goes by the id.
        invoice.created = start + .days(30 * Int64(index / 2))
        try await sold.say(invoice)
      }
      let account = sold.account
      try await sold.say(
        PaymentFailed(
          accountID: account, invoice: "in_6", currency: "usd", amountDue: 900, attemptCount: 1,
          nextPaymentAttempt: nil, attempt: .first),
        PaymentActionRequired(accountID: account, invoice: "in_6", currency: "usd", amountDue: 900),
        RefundRecorded(
          accountID: account, refund: "re_1", status: "succeeded", amount: 200, currency: "usd", invoice: "in_6"),
        RefundRecorded(
          accountID: account, refund: "re_2", status: "failed", amount: 500, currency: "usd", invoice: "in_6"),
        DisputeOpened(
          accountID: account, dispute: "dp_1", amount: 900, currency: "usd", reason: "fraudulent", invoice: "in_6"))
      try await recounted.catchUp()
      var (found, place) = ([ListedInvoice](), nil as InvoicePlace?)
      repeat {
        let page = try await recounted.questions.invoices(of: account, in: Self.live, after: place, limit: 3).value
        found += page.entries
        place = page.next
      } while place != nil
      #expect(found.map(\.id) == ["in_6", "in_5", "in_4", "in_3", "in_2", "in_1", "in_0"])
      #expect(found[0].failedAt != nil && found[0].waitsForOwner && found[0].refunded == 200)
      #expect(found[0].dispute == "open" && found[1].dispute == nil && found[1].refunded == 0)
      #expect(found[0].owed == MoneyAmount(900, "usd"))

      try await sold.say(
        DisputeClosed(accountID: account, dispute: "dp_1", status: "lost"),
        PaymentFailed(
          accountID: account, invoice: "in_6", currency: "usd", amountDue: 900, attemptCount: 2,
          nextPaymentAttempt: nil, attempt: .last))
      try await recounted.catchUp()
      let declined = try await recounted.questions.invoices(of: account, in: Self.live, limit: 1).value.entries[0]
      #expect(declined.actionRequiredAt != nil && !declined.waitsForOwner, "its bank was answered, or asks no more")
      try await sold.say(
        PaymentRecovered(accountID: account, invoice: "in_6", currency: "usd", amountPaid: 900))
      try await recounted.catchUp()
      let after = try await recounted.questions.invoices(of: account, in: Self.live, limit: 1).value.entries[0]
      #expect(after.dispute == "lost" && after.recoveredAt != nil)
    }
  }

  @Test func whatIsOwedIsWhatIsOpenAndNotPaid() async throws {
    try await Recounted.with { recounted in
      let sold = try await Sold(recounted)
      var (paid, draft) = (sold.invoice("in_paid"), sold.invoice("in_draft"))
      (paid.status, paid.amountPaid, draft.status) = ("paid", 900, "draft")
      try await sold.say(paid, draft, sold.invoice("in_open"))
      try await recounted.catchUp()
      #expect(try await sold.billing(Self.live).owed.map(\.id) == ["in_open"])
      #expect(try await sold.invoices(Self.live).sorted() == ["in_open", "in_paid"], "a draft is nobody's business")
    }
  }

  @Test func besideAnInvoiceStandsWhatWasUsedInTheMonthThatItWasMadeIn() async throws {
    try await Recounted.with { recounted in
      let sold = try await Sold(recounted)
      let now = Instant.now.toMillisecond
      let source = TelemetrySource(accountID: sold.account, projectID: sold.project, keyID: UUID(), mode: .live)
      _ = try await recounted.test.log.append(
        [AppendUnit(.sample(source, count: 12, at: now))], shard: recounted.test.shard(of: source))
      var invoice = sold.invoice("in_1")
      invoice.created = now.toSecond
      try await sold.say(invoice)
      try await recounted.catchUp()
      let page = try await recounted.questions.meteredInvoices(of: sold.account, in: Self.live, limit: 5).value
      #expect(page.entries.map(\.month) == [CalendarMonth(of: now)])
      #expect(page.entries[0].usage?.used == 12)
    }
  }

  @Test func aTierIsToldWithTheEventsThatItFollowsFrom() async throws {
    try await Recounted.with { recounted in
      let sold = try await Sold(recounted)
      try await recounted.catchUp()
      let opened = try #require(try await sold.billing(Self.live).origin)
      #expect(opened.tier == .free && opened.cause == nil && opened.follows.isEmpty)

      // As the process manager has it: both in one append, the tier's event first.
      let shard = recounted.test.log.shards.shard(of: sold.account)
      let stream = StreamID.account(sold.account, shard: shard)
      try await sold.say(sold.subscription("sub_0", "canceled", nil))
      let version = try await recounted.test.log.load(Account.self, from: stream).version
      var quota = AccountQuota()
      quota.paid = Tier.pro.quota
      let changed = TierChanged(accountID: sold.account, tier: .pro, cause: .subscription, quota: quota)
      let units =
        try recounted.test.units([changed], on: stream, after: version)
        + recounted.test.units([sold.subscription("sub_1", "active", .pro)], on: sold.stream())
      _ = try await recounted.test.log.append(units, shard: shard)
      // What is said later made nothing of it.
      try await sold.say(sold.subscription("sub_1", "past_due", .pro))
      try await recounted.catchUp()
      let origin = try #require(try await sold.billing(Self.live).origin)
      #expect(origin.tier == .pro && origin.cause == .subscription)
      #expect(origin.follows.map(\.subscription) == ["sub_1", "sub_0"])
      #expect(origin.follows.map(\.status) == ["active", "canceled"])
      #expect(origin.follows[0].facts == 3 && origin.follows[0].customer == "cus_1")
      for fact in origin.follows {
        let said = try await recounted.test.owner.query(
          "SELECT type FROM log.events WHERE shard = \(Int32(shard)) AND position = \(fact.position)")
        #expect(try said.map { try $0.decode("type", as: String.self) } == ["subscription_changed"])
      }

      try await recounted.test.log.handle(
        .changeTier(.business, because: .operator, at: .now), by: Account.self, on: stream)
      try await recounted.catchUp()
      let set = try #require(try await sold.billing(Self.live).origin)
      #expect(set.tier == .business && set.cause == .operator && set.follows.isEmpty)
    }
  }

  @Test func attentionIsOfAllAccountsUntilItIsResolved() async throws {
    try await Recounted.with { recounted in
      let accounts = try await [Sold(recounted), Sold(recounted), Sold(recounted)]
      for (index, sold) in accounts.enumerated() {
        try await sold.say(
          BillingAttentionNeeded(
            accountID: sold.account, attention: .refunded, subject: "re_\(index)", detail: "<b>900</b> went back"),
          BillingAttentionNeeded(
            accountID: sold.account, attention: .disputed, subject: "dp_\(index)", detail: "disputed"))
      }
      try await accounts[1].say(
        BillingAttentionResolved(
          accountID: accounts[1].account, attention: .refunded, subject: "re_1", reason: "as agreed"))
      try await recounted.catchUp()
      var (found, place) = ([ListedAttention](), nil as AttentionPlace?)
      repeat {
        let page = try await recounted.questions.billingAttention(after: place, limit: 2)
        found += page.entries
        place = page.next
      } while place != nil
      #expect(found.map(\.subject).sorted() == ["dp_0", "dp_1", "dp_2", "re_0", "re_2"])
      #expect(found.map(\.neededAt) == found.map(\.neededAt).sorted())
      #expect(Set(found.map(\.account)) == Set(accounts.map(\.account)))
      // The same again, after it was resolved.
      try await accounts[1].say(
        BillingAttentionNeeded(
          accountID: accounts[1].account, attention: .refunded, subject: "re_1", detail: "again"))
      try await recounted.catchUp()
      #expect(try await recounted.questions.billingAttention(limit: 9).entries.contains { $0.detail == "again" })
    }
  }

  @Test func anAccountsCustomersAreFoundWhateverTheirShards() async throws {
    try await Recounted.with { recounted in
      let sold = try await Sold(recounted)
      for (shard, customer) in [(0, "cus_1"), (1, "cus_2")] {
        try await recounted.test.record(
          BillingCustomerLinked(
            stripeAccount: "acct_1", livemode: true, customer: customer, accountID: sold.account),
          on: StreamID(name: "stripe-acct_1-live-\(customer)", shard: shard))
      }
      try await recounted.catchUp()
      let found = try await recounted.questions.billingCustomers(of: sold.account)
      #expect(found.map(\.id).sorted() == ["cus_1", "cus_2"])
      #expect(found.allSatisfy { $0.mode == Self.live })
      #expect(Set(found.map(\.shard)) == [0, 1])
      #expect(try await recounted.questions.billingCustomers(of: UUID()).isEmpty)
    }
  }
}

/// An account of which something can be said.
private struct Sold: Sendable {
  let recounted: Recounted
  let account, project: UUID

  init(_ recounted: Recounted) async throws {
    self.recounted = recounted
    let opened = try await recounted.open(.free)
    (account, project) = (opened.account, opened.project)
  }

  /// A stream of its own for each append: which one it is means nothing to the read model.
  func stream() -> StreamID { recounted.test.stream(ofAccount: account) }

  func say(_ facts: any EventData...) async throws {
    let stream = stream()
    _ = try await recounted.test.log.append(try recounted.test.units(facts, on: stream), shard: stream.shard)
  }

  func subscription(_ id: String, _ status: String, _ tier: Tier?, _ end: Instant? = nil) -> SubscriptionChanged {
    SubscriptionChanged(
      accountID: account, stripeAccount: "acct_1", livemode: true, customer: "cus_1", subscription: id,
      status: status, tier: tier, prices: ["price_1"], periodStart: nil, periodEnd: end, endsAt: nil,
      pastDueSince: nil, isCollectionPaused: false, cancellationReason: nil, facts: 3)
  }

  func invoice(_ id: String) -> InvoiceRecorded {
    InvoiceRecorded(
      accountID: account, stripeAccount: "acct_1", livemode: true, customer: "cus_1", invoice: id, number: "A-1",
      subscription: "sub_1", status: "open", currency: "usd", total: 900, amountDue: 900, amountPaid: 0, tax: nil,
      attemptCount: 1, nextPaymentAttempt: nil, billingReason: "subscription_cycle", created: Instant.now.toSecond,
      periodStart: nil, periodEnd: nil)
  }

  func billing(_ mode: StripeMode?) async throws -> BillingState {
    try await recounted.questions.billing(of: account, in: mode).value
  }

  func invoices(_ mode: StripeMode?) async throws -> [String] {
    try await recounted.questions.invoices(of: account, in: mode, limit: 50).value.entries.map(\.id)
  }
}
