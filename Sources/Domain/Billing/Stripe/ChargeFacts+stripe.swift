extension ChargeFacts {
  /// Of a charge. Nil without an amount in a currency.
  init?(stripe object: JSONValue) {
    guard let amount = object.whole("amount"), let currency = object.word("currency") else { return nil }
    self.init(
      paymentIntent: object.id("payment_intent"), amount: amount, amountRefunded: object.whole("amount_refunded") ?? 0,
      currency: currency, refunded: object.flag("refunded"))
  }
}
