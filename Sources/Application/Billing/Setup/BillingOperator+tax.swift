import Domain

extension BillingOperator {
  /// Whether taxes are on, and what keeps them from being taken.
  func taxes(_ catalogue: BillingCatalogue) async throws -> [String] {
    guard let tax = desk.tax else { return ["taxes      off: nothing about tax is asked of Stripe (STRIPE_TAX)"] }
    var lines = ["taxes      \(tax.rawValue): beside each price stands \(tax.note)"]
    lines += try await unlessRefused("what the prices say of tax") { try await otherPrices(catalogue, than: tax) }
    lines += await stripeTax()
    lines += try await unlessRefused("which subscriptions run without tax") { try await untaxed() }
    return lines
  }

  /// A key may be restricted from asking.
  private func unlessRefused(_ what: String, _ ask: () async throws -> [String]) async throws -> [String] {
    do { return try await ask() } catch let failure as StripeFailure where failure.kind == .refused {
      return ["           the key may not ask \(what)"]
    }
  }

  private func otherPrices(_ catalogue: BillingCatalogue, than tax: TaxBehavior) async throws -> [String] {
    var lines: [String] = []
    for tier in Tier.allCases {
      guard let price = catalogue.price(of: tier) else { continue }
      let found = try await desk.client.get("/v1/prices/\(price.pathSegment)")["tax_behavior"].string ?? "unspecified"
      guard found != tax.rawValue else { continue }
      lines.append("           the price of \(tier.rawValue) is \(found): run `recount billing setup`")
    }
    return lines
  }

  /// What the dashboard alone sets up. A key may be restricted from asking.
  private func stripeTax() async -> [String] {
    do {
      let settings = try await desk.client.get("/v1/tax/settings")
      guard settings["status"].string == "active" else {
        return [
          "           Stripe Tax is not set up: give it your address in the dashboard, under Tax; until then nobody can subscribe"
        ]
      }
      let registered = try await desk.client.get("/v1/tax/registrations", ["status": "active", "limit": "100"])["data"]
        .elements.compactMap { $0["country"].string }
      guard !registered.isEmpty else {
        return [
          "           Stripe Tax has no registration: nobody is taxed anywhere until you add yours in the dashboard, under Tax"
        ]
      }
      return ["           Stripe Tax is set up, registered in \(Set(registered).sorted().joined(separator: ", "))"]
    } catch {
      return [
        "           the key may not ask whether Stripe Tax is set up: look in the dashboard, under Tax, at its registrations, too"
      ]
    }
  }

  /// What was subscribed to before taxes were on.
  private func untaxed() async throws -> [String] {
    let own = try await desk.side.installation()
    let query: StripeForm = ["automatic_tax[enabled]": "false", "limit": "100"]
    let found = try await desk.client.get("/v1/subscriptions", query)
    let ours = found["data"].elements.count { $0["metadata"]["recount_installation"].string == own }
    guard ours > 0 else { return [] }
    let more = found["has_more"].bool ? " or more" : ""
    return [
      "           running without tax: \(ours)\(more); the dashboard, under Tax, migrates them, as a change of tier does"
    ]
  }
}
