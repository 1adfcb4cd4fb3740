extension SubscriptionFacts {
  /// Of a subscription. Nil without a status.
  init?(stripe object: JSONValue) {
    guard let status = object.word("status") else { return nil }
    let items = Item.all(of: object)
    let endsWithPeriod = object.flag("cancel_at_period_end")
    self.init(
      status: status, items: items,
      // Older versions say only that it ends with its period.
      cancelAt: object.time("cancel_at") ?? (endsWithPeriod ? items.compactMap(\.periodEnd).max() : nil),
      cancelAtPeriodEnd: endsWithPeriod, pauseCollection: object["pause_collection"]?.word("behavior"),
      trialEnd: object.time("trial_end"), latestInvoice: object.id("latest_invoice"), schedule: object.id("schedule"),
      cancellationReason: object["cancellation_details"]?.word("reason"), created: object.time("created"))
  }
}

extension SubscriptionFacts.Item {
  /// In order of their prices. The oldest subscriptions have no list of items, but one `plan` and its quantity.
  static func all(of subscription: JSONValue) -> [Self] {
    let listed = subscription.list("items").filter { !$0.flag("deleted") }
    return (listed.isEmpty ? [subscription] : listed)
      .compactMap { Self(stripe: $0, of: subscription) }
      .sorted { ($0.price, $0.quantity) < ($1.price, $1.quantity) }
  }

  /// Periods are the item's own since API version 2025-03-31, and before that the subscription's.
  private init?(stripe item: JSONValue, of subscription: JSONValue) {
    guard let price = item.id("price") ?? item.id("plan") else { return nil }
    let (described, legacy) = (item["price"], item["plan"])
    self.init(
      price: price, product: described?.id("product") ?? legacy?.id("product"),
      // A metered price has none.
      quantity: item.whole("quantity") ?? 1,
      tier: described?["metadata"]?.word("recount_tier") ?? legacy?["metadata"]?.word("recount_tier"),
      periodStart: item.time("current_period_start") ?? subscription.time("current_period_start"),
      periodEnd: item.time("current_period_end") ?? subscription.time("current_period_end"))
  }
}
