import Application
import Domain
import Foundation

extension BillingRoutes {
  static let limit = Parameter<Int>.limit(20, upTo: 100)
  static let place = Parameter<InvoicePlace?>.cursor { parameters in
    try parameters.cursor(Instant.self, String.self).map { InvoicePlace(created: $0, id: $1) }
  }

  static let tier = Member<Tier>.word("tier")
  static let prorationDate = Member<Instant?>.optionalTime(
    "proration_date",
    "Of the preview, so that the amount is the one that was shown; now by default. Of a higher tier alone.")

  static let stripePage = Shape<BillingPage>([
    .text("url", "Where people go on, in a browser. It is for whoever asked alone, and ends after a while.") { $0.url }
  ])

  static let documents = Shape<BillingDocuments>([
    .optionalText("page", "Where it is seen and paid.") { $0.page }, .optionalText("pdf", "The file.") { $0.pdf },
  ])

  static let previewShape = Shape<BillingPreview>([
    .time("proration_date", "To be sent with the change.") { $0.prorationDate },
    .text("currency", currencyNote) { $0.currency },
    .integer("due_now", "What is taken now, \(minorNote)") { $0.dueNow },
    .integer("next", "What is taken each month from then on, likewise, with its tax.") { $0.next },
    .optionalTime("next_at", "When that is taken first.") { $0.nextAt },
    amount("subtotal", "Of what is taken now, without tax; null where no tax is reckoned.") { $0.breakdown?.subtotal },
    amount("tax", "The tax of it, likewise.") { $0.breakdown?.tax },
    amount("total", "Both together, likewise, before what is to the customer's credit comes off.") {
      $0.breakdown?.total
    },
  ])

  private static func amount(
    _ name: String, _ note: String, _ get: @escaping @Sendable (BillingPreview) -> Int?
  ) -> Field<BillingPreview> {
    Field(name, Schema.integer.orNull, note: note) { get($0).map { .integer($0) } ?? .null }
  }

  static let moved = Shape<TierMove>([
    .word(
      "outcome",
      "`done`: the higher tier counts as soon as Stripe says so. `pay`: first something is to be confirmed at `url`. `scheduled`: the lower one begins at the end of "
        + "what is paid."
    ) { $0.outcome },
    .optionalText("url", "Stripe's page, of `pay` alone.") { $0.url },
  ])

  static let stateShape = Shape<AccountBilling>(
    "AccountBilling",
    [
      .id("account_id") { $0.account.id }, .word("tier", "What the account has now, grants included.") { $0.tier },
      .word("paid_tier", "What it has itself.") { $0.account.tier },
      Field("granted_tier", tierOrNull, note: "What the operator grants beside that; null: none.") {
        word($0.account.granted.tier)
      },
      .optionalTime("granted_until", "Null: without end.") { $0.account.granted.until },
      .boolean("is_set_up", "Whether anything can be paid on this installation.") { $0.isSetUp },
      Field("livemode", Schema.boolean.orNull, note: "Whether money moves; null where that is not known.") {
        $0.mode.map { .bool($0.livemode) } ?? .null
      },
      .list("subscriptions", of: subscription, "What was said last first.") { $0.state.subscriptions },
      .list("owed", of: invoice, "Invoices that are open and not paid, the latest first: five at most.") {
        $0.state.owed
      },
      .optional(
        "because", origin, "What the tier that it has itself follows from; left out where that is not known yet."
      ) { $0.state.origin },
      .list("tiers", of: offer, "What each costs and gives.") { billing in
        Tier.allCases.map { tier in
          Offer(
            tier: tier, isSold: billing.sold.contains(tier), tax: tier.monthlyPrice > 0 ? billing.tax : nil)
        }
      },
      .asOf { $0.answered.asOf },
    ])

  private static let subscription = Shape<ListedSubscription>(
    "Subscription",
    [
      .text("subscription_id") { $0.id },
      .text("status", "Stripe's word, such as `active` or `past_due`.") { $0.status },
      Field("tier", tierOrNull, note: "What it gives; null: nothing.") { word($0.tier) },
      .optionalTime("period_start", "Of what is paid.") { $0.periodStart },
      .optionalTime("period_end") { $0.periodEnd },
      .optionalTime("ends_at", "Null: it is not to end.") { $0.endsAt },
      .optionalTime("past_due_since") { $0.pastDueSince },
      .boolean("is_collection_paused") { $0.isCollectionPaused },
      .optionalText("cancellation_reason") { $0.cancellationReason },
      Field("scheduled_tier", tierOrNull, note: "A lower one that is to begin.") { word($0.scheduled?.tier) },
      .optionalTime("scheduled_at") { $0.scheduled?.at },
      .optionalTime(
        "upgrade_lapsed_at", "When an upgrade was given up because it was not paid; null: nothing is new since."
      ) { $0.lapsed?.at },
      Field("lapsed_tier", tierOrNull, note: "What it was to be; null: nobody asked for it here, or none lapsed.") {
        word($0.lapsed?.tier)
      },
      .integer("position", "Where that was said last, in the log of the account's shard.") { $0.position },
    ])

  private static let invoice = Shape<ListedInvoice>(
    "Invoice",
    [
      .text("invoice_id") { $0.id }, .optionalText("number") { $0.number },
      .optionalText("subscription_id") { $0.subscription },
      .text("status", "`open`, `uncollectible`, `void` or `paid`.") { $0.status },
      .text("currency", currencyNote) { $0.currency }, .integer("total", minorNote) { $0.total },
      .integer("amount_due") { $0.amountDue }, .integer("amount_paid") { $0.amountPaid },
      Field("tax", Schema.integer.orNull, note: "Of the total; null where none is said.") {
        $0.tax.map { .integer(Int($0)) } ?? .null
      },
      .integer("refunded") { $0.refunded },
      .optionalText("dispute", "`open`, or how the last one ended; null: there is none.") { $0.dispute },
      .integer("attempts", "How often it was tried to be paid.") { $0.attempts },
      .optionalTime("next_attempt", "Null: Stripe will not try again.") { $0.nextAttempt },
      .optionalText("reason", "Such as `subscription_cycle`.") { $0.reason },
      .time("created") { $0.created }, .optionalTime("period_start") { $0.periodStart },
      .optionalTime("period_end") { $0.periodEnd },
      .boolean("is_action_required", "Whether the payment waits for its owner's bank to be answered.") {
        $0.waitsForOwner
      },
    ])

  static let page = Shape<Answered<Page<MeteredInvoice, InvoicePlace>>>.page(
    "invoices",
    of: invoice.extended(
      from: { (entry: MeteredInvoice) in entry.invoice },
      [
        .text("month", "The calendar month (UTC) that it was made in.") { $0.month.description },
        .optional("usage", usage, "Live events of that month; left out where nothing is known of it.") { $0.usage },
      ])
  ) { Cursor($0.created, $0.id) }

  private static let usage = Shape<MonthUsage>([
    .integer("used", "Of the quota.") { $0.used }, .integer("quota") { $0.quota },
    .integer("refused", "Turned away for the quota.") { $0.refused },
  ])

  private static let origin = Shape<TierOrigin>([
    .word("tier") { $0.tier },
    Field("cause", Schema.words(of: TierChanged.Cause.self).orNull, note: "Null: the account was opened with it.") {
      $0.cause.map { .string($0.rawValue) } ?? .null
    },
    .integer("position", "Where the log has it, of the account's shard.") { $0.position }, .time("at") { $0.at },
    .list("subscriptions", of: fact, "What had been said of each when the tier began, the last first.") { $0.follows },
  ])

  private static let fact = Shape<TierOrigin.SubscriptionFact>([
    .text("subscription_id") { $0.subscription }, .integer("position") { $0.position }, .time("at") { $0.at },
    .text("status") { $0.status }, Field("tier", tierOrNull) { word($0.tier) },
    .integer("facts", "How many of the customer's facts were known: what Stripe said, in the order that it came.") {
      $0.facts
    },
    .text("customer", "In whose stream of the log the facts are.") { $0.customer },
  ])

  /// A tier, and whether it can be bought here.
  struct Offer: Sendable {
    let tier: Tier
    let isSold: Bool
    let tax: TaxBehavior?
  }

  private static let offer = Shape<Offer>(
    "TierOffer",
    [
      .word("tier") { $0.tier }, .boolean("is_sold", "Whether it can be subscribed to here.") { $0.isSold },
      .integer("monthly_price", "In cents of a US dollar.") { $0.tier.monthlyPrice },
      Field(
        "tax_behavior", Schema.words(of: TaxBehavior.self).orNull,
        note: "`inclusive`: tax is in the price; `exclusive`: it comes on top; null: none is taken."
      ) { $0.tax.map { .string($0.rawValue) } ?? .null },
      .integer("monthly_quota", "Live events a calendar month (UTC).") { $0.tier.monthlyQuota },
      .integer("test_quota", "Test events, apart.") { $0.tier.testQuota },
      .integer("requests_per_second", "Calls of a key.") { $0.tier.callRate.requestsPerSecond },
      .integer("bytes_per_second", "Of the bodies of a key's calls.") { $0.tier.callRate.bytesPerSecond },
      .integer("detail_days") { $0.tier.detailDays }, .integer("project_limit") { $0.tier.projectLimit },
      .words("features", "What else it has.") { offer in TierFeature.allCases.filter { offer.tier.has($0) } },
    ])

  private static let tierOrNull = Schema.words(of: Tier.self).orNull
  private static func word(_ tier: Tier?) -> JSONValue { tier.map { .string($0.rawValue) } ?? .null }
  private static let currencyNote = "Three letters, as Stripe has them, such as `usd`."
  private static let minorNote =
    "In minor units of the currency: cents, say, thousandths of some, and whole ones of those that have none."
}
