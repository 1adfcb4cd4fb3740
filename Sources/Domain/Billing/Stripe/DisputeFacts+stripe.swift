extension DisputeFacts {
  /// Of a dispute. Nil without a status, or an amount in a currency.
  init?(stripe object: JSONValue) {
    guard let status = object.word("status"), let amount = object.whole("amount"),
      let currency = object.word("currency")
    else { return nil }
    self.init(
      status: status, amount: amount, currency: currency, reason: object.word("reason"), charge: object.id("charge"),
      paymentIntent: object.id("payment_intent"))
  }
}
