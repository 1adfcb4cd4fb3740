extension RefundFacts {
  /// Of a refund. Nil without an amount in a currency. One without a status is of a time when there was none but this.
  init?(stripe object: JSONValue) {
    guard let amount = object.whole("amount"), let currency = object.word("currency") else { return nil }
    self.init(
      status: object.word("status") ?? "succeeded", amount: amount, currency: currency, charge: object.id("charge"),
      paymentIntent: object.id("payment_intent"))
  }
}
