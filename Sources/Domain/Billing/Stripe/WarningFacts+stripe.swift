extension WarningFacts {
  /// Of an early fraud warning.
  init(stripe object: JSONValue) {
    self.init(
      charge: object.id("charge"), paymentIntent: object.id("payment_intent"), actionable: object.flag("actionable"))
  }
}
