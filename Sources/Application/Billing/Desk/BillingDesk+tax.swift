package import Domain
import Foundation

extension BillingDesk {
  /// Whether tax is in the prices or comes on top; nil: nothing about tax is asked of Stripe.
  package var tax: TaxBehavior? { client.settings.tax }

  /// What a checkout says of tax: it is reckoned for the place that the payer names, which Stripe keeps, with the name that a tax id belongs to.
  var taxOfCheckout: StripeForm {
    guard tax != nil else { return [:] }
    return [
      "automatic_tax[enabled]": "true", "tax_id_collection[enabled]": "true", "customer_update[address]": "auto",
      "customer_update[name]": "auto",
    ]
  }

  /// Has what began without tax taxed from its next invoice on. In a call of its own: one whose payment may be left pending takes no word of tax.
  func startTaxing(_ subscription: StripeReply, _ path: String, for command: UUID) async throws {
    guard tax != nil, !Self.isTaxed(subscription.json) else { return }
    try await knowingThePlace {
      _ = try await change(path, ["automatic_tax[enabled]": "true"], key: "\(command.text)-tax") {
        Self.isTaxed($0.json)
      }
    }
  }

  static func isTaxed(_ object: StripeJSON) -> Bool { object["automatic_tax"]["enabled"].bool }

  /// Nobody can be taxed whose place Stripe does not know: that is for whoever buys to mend.
  func knowingThePlace<Answer>(_ call: () async throws -> Answer) async throws -> Answer {
    do { return try await call() } catch let failure as StripeFailure where failure.isOfUnknownPlace {
      throw Billing.Failure.addressMissing
    }
  }
}

extension BillingPreview {
  /// What is taken now, taken apart; nil where no tax is reckoned.
  static func breakdown(of invoice: StripeReply) -> Breakdown? {
    guard let facts = (try? StripeObject(json: invoice.body))?.facts?.invoice, let tax = facts.tax else { return nil }
    return Breakdown(subtotal: facts.total.subtractingSaturating(tax), tax: tax, total: facts.total)
  }

  /// What tax adds to the price of a whole period: nothing where it is in it.
  static func taxOnTop(of price: String, in invoice: StripeReply) -> Int {
    invoice["lines"]["data"].elements
      .filter { line in
        line["pricing"]["price_details"]["price"].id == price
          && !line["parent"]["subscription_item_details"]["proration"].bool
      }
      .flatMap { $0["taxes"].elements }
      .filter { $0["tax_behavior"].string == TaxBehavior.exclusive.rawValue }
      .reduce(0) { $0.addingSaturating($1["amount"].integer ?? 0) }
  }
}
