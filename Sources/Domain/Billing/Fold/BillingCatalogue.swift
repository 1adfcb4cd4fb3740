/// Which price is which tier: of all that was ever said of a price the last, so that a price which is sold no more goes on entitling who pays it.
/// Stream `billing-catalogue-<mode>`.
package struct BillingCatalogue: Sendable {
  /// What is sold now.
  package internal(set) var current: BillingCatalogueSet?
  /// By price, of all that was ever said.
  package internal(set) var prices: [String: Tier] = [:]
  /// By product, likewise.
  package internal(set) var products: [String: Tier] = [:]

  /// Nothing is sold yet.
  package init() {}

  /// What a price is (R7): by price, else by product, else by the price's own metadata; nil: nobody knows.
  package func tier(of item: SubscriptionFacts.Item) -> Tier? {
    prices[item.price] ?? item.product.flatMap { products[$0] } ?? item.tier.flatMap(Tier.init(rawValue:))
  }

  /// What a tier is sold by now; nil: it is not sold.
  package func price(of tier: Tier) -> String? { current?.prices.first { $0.tier == tier }?.id }
}
