/// An object of Stripe's, read.
package struct StripeObject: Sendable {
  /// Empty of the few objects that have none.
  package var id: String
  /// Stripe's `object`: `subscription`, `invoice`, …
  package var kind: String
  package var customer: String?
  package var subscription: String?
  /// The installation that made it, by its metadata, or by that of its price; nil: nobody says.
  package var installation: String?
  /// The account that it was made for, by what we gave to Stripe with it; nil: nobody says.
  package var account: String?
  /// Nil: of a kind that no rule reads, or without what rules read of it.
  package var facts: StripeFacts?

  /// Of the raw body of a GET's answer.
  package init(json: [UInt8]) throws(StripeBody.Failure) {
    let object = try JSONValue(stripe: json)
    guard object.word("id") != nil else { throw .missing("id") }
    guard object.word("object") != nil else { throw .missing("object") }
    self.init(object)
  }

  init(_ object: JSONValue) {
    id = object.word("id") ?? ""
    kind = object.word("object") ?? ""
    customer = kind == "customer" ? id : object.id("customer")
    subscription =
      switch kind {
      case "subscription": id
      case "invoice": InvoiceFacts.subscription(of: object)
      case "subscription_schedule": ScheduleFacts.subscription(of: object)
      default: object.id("subscription")
      }
    let metadata = Self.metadata(of: object)
    installation = metadata.lazy.compactMap { $0.word("recount_installation") }.first
    account = object.word("client_reference_id") ?? metadata.lazy.compactMap { $0.word("recount_account") }.first
    facts = StripeFacts(stripe: object)
  }

  /// All that we could have given to Stripe with it: its own, its subscription's (of an invoice, in the new place and in the old), its prices'.
  private static func metadata(of object: JSONValue) -> [JSONValue] {
    let own = [
      object["metadata"], object["parent"]?["subscription_details"]?["metadata"],
      object["subscription_details"]?["metadata"],
    ]
    let ofPrices = (object.list("items") + object.list("lines")).flatMap { item in
      [item["metadata"], item["price"]?["metadata"], item["plan"]?["metadata"]]
    }
    return (own + ofPrices).compactMap { $0 }
  }
}
