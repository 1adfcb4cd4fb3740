import Domain
import EventLog
import Foundation

/// Makes at Stripe what selling takes: products and prices, what the portal lets people do, and where events are delivered; and records which price is
/// which tier. Looks first what is there, so that it may be run twice, and cut anywhere.
package struct BillingSetup: Sendable {
  let desk: BillingDesk

  package init(desk: BillingDesk) { self.desk = desk }

  /// What was found or made, a line each, for whoever runs it.
  ///
  /// - Parameter publicURL: where the server is reached, without a slash at its end.
  package func callAsFunction(publicURL: String) async throws -> [String] {
    let mode = try await desk.side.mode()
    var lines = ["Stripe account \(mode.stripeAccount), \(mode.livemode ? "live: money moves" : "test mode")"]
    var sold: [(tier: Tier, price: String, product: String)] = []
    for tier in Tier.allCases where tier.monthlyPrice > 0 {
      let (price, product) = try await price(of: tier)
      sold.append((tier, price, product))
      let tax = desk.tax.map { ", \($0.note)" } ?? ""
      lines.append("\(tier.rawValue): \(price), \(tier.priceText) a month\(tax)")
    }
    try await record(sold, in: mode)
    lines.append("portal: \(try await portal(in: mode))")
    lines.append("webhook endpoint: \(try await endpoint(publicURL))")
    return lines
  }

  /// Where the portal's configuration is remembered.
  static func portalName(_ mode: StripeMode) -> String {
    "portal/\(mode.stripeAccount)/\(mode.livemode ? "live" : "test")"
  }

  private func price(of tier: Tier) async throws -> (price: String, product: String) {
    let own = try await desk.side.installation()
    let key = "recount_\(own)_\(tier.rawValue)"
    let found = try await desk.client.get("/v1/prices", ["lookup_keys[]": key, "active": "true", "limit": "1"])
    guard let known = found["data"].elements.first else {
      let product = try await makeProduct(of: tier, own)
      return (try await makePrice(of: tier, product, own, key, insteadOf: nil), product)
    }
    if let sold = try await sold(known, as: tier) { return sold }
    let before = known["product"].id
    let product = if let before { before } else { try await makeProduct(of: tier, own) }
    return (try await makePrice(of: tier, product, own, key, insteadOf: known.id), product)
  }

  /// A price that is there, where it is what the tier costs.
  private func sold(_ known: StripeJSON, as tier: Tier) async throws -> (price: String, product: String)? {
    guard known["unit_amount"].integer == tier.monthlyPrice, let id = known.id, let product = known["product"].id else {
      return nil
    }
    return try await isTaxedAsSaid(known, id) ? (id, product) : nil
  }

  /// - Parameter other: the price whose place it takes. The call's key is named for it: who switches there and back within a day would else be
  ///   answered the first one, which is sold no more.
  private func makePrice(
    of tier: Tier, _ product: String, _ own: String, _ key: String, insteadOf other: String?
  ) async throws -> String {
    var form = try await metadata(of: tier)
    for (name, value) in [
      ("product", product), ("currency", "usd"), ("unit_amount", "\(tier.monthlyPrice)"),
      ("recurring[interval]", "month"), ("lookup_key", key), ("transfer_lookup_key", "true"),
    ] { form.add(name, value) }
    form.add("tax_behavior", desk.tax?.rawValue)
    let parts = [own, "price", tier.rawValue, "\(tier.monthlyPrice)", desk.tax?.rawValue, other]
    return try await desk.client.post("/v1/prices", form, key: parts.compactMap(\.self).joined(separator: "-")).id
  }

  /// Stripe lets a price say once whether tax is in it: one that has said otherwise is of no use.
  private func isTaxedAsSaid(_ price: StripeJSON, _ id: String) async throws -> Bool {
    guard let tax = desk.tax, price["tax_behavior"].string != tax.rawValue else { return true }
    guard price["tax_behavior"].string == "unspecified" else { return false }
    _ = try await desk.client.post("/v1/prices/\(id.pathSegment)", ["tax_behavior": tax.rawValue], key: nil)
    return true
  }

  private func makeProduct(of tier: Tier, _ own: String) async throws -> String {
    var form = try await metadata(of: tier)
    form.add("name", "Recount \(tier.rawValue.capitalized)")
    return try await desk.client.post("/v1/products", form, key: "\(own)-product-\(tier.rawValue)").id
  }

  private func metadata(of tier: Tier) async throws -> StripeForm {
    var form = try await desk.side.metadata()
    form.add("metadata[recount_tier]", tier.rawValue)
    return form
  }

  private func record(_ sold: [(tier: Tier, price: String, product: String)], in mode: StripeMode) async throws {
    let catalogue = BillingCatalogueSet(
      stripeAccount: mode.stripeAccount, livemode: mode.livemode,
      prices: sold.map { .init(id: $0.price, tier: $0.tier) }.sorted { $0.id < $1.id },
      products: sold.map { .init(id: $0.product, tier: $0.tier) }.sorted { $0.id < $1.id })
    try await desk.log.handle(
      .set(catalogue), by: BillingCatalogue.self, on: .billingCatalogue(of: mode, shards: desk.log.shards))
  }

  /// Upgrades are this server's pages' alone: only they begin a new period with it.
  private func portal(in mode: StripeMode) async throws -> String {
    let memory = BillingMemory(pool: desk.log.pool)
    let form: StripeForm = [
      "features[customer_update][enabled]": "true", "features[customer_update][allowed_updates][0]": "email",
      "features[customer_update][allowed_updates][1]": "address",
      "features[customer_update][allowed_updates][2]": "tax_id", "features[invoice_history][enabled]": "true",
      "features[payment_method_update][enabled]": "true", "features[subscription_cancel][enabled]": "true",
      "features[subscription_cancel][mode]": "at_period_end", "features[subscription_update][enabled]": "false",
    ]
    let path = "/v1/billing_portal/configurations"
    if let known = try await memory[Self.portalName(mode)] {
      do { return try await desk.client.post("\(path)/\(known.pathSegment)", form, key: nil).id } catch let failure
        as StripeFailure where failure.isMissing
      {}
    }
    let made = try await desk.client.post(path, form + desk.side.metadata(), key: nil)
    try await memory.keep(made.id, as: Self.portalName(mode))
    return made.id
  }
}
