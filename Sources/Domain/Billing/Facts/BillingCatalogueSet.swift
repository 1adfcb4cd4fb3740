/// Which price and product at Stripe is which tier, from here on. Takes the place of what was said before; what an older catalogue said of a
/// price that this one does not name still holds (``BillingCatalogue``).
package struct BillingCatalogueSet: EventData {
  package static let kind = EventKind("billing_catalogue_set")
  package var stripeAccount: String
  package var livemode: Bool
  /// By price, in order of the prices.
  package var prices: [Entry]
  /// By product, likewise.
  package var products: [Entry]

  /// The data of one such event.
  package init(stripeAccount: String, livemode: Bool, prices: [Entry], products: [Entry]) {
    self.stripeAccount = stripeAccount
    self.livemode = livemode
    self.prices = prices
    self.products = products
  }

  /// What an id of Stripe's is.
  package struct Entry: Codable, Sendable, Hashable {
    package var id: String
    package var tier: Tier

    /// An id, and what it is.
    package init(id: String, tier: Tier) {
      self.id = id
      self.tier = tier
    }
  }
}
