extension InvoicePaymentFacts {
  /// Of an invoice payment. Nil without an invoice or a status.
  init?(stripe object: JSONValue) {
    guard let invoice = object.id("invoice"), let status = object.word("status") else { return nil }
    self.init(
      invoice: invoice, paymentIntent: object["payment"]?.id("payment_intent"), charge: object["payment"]?.id("charge"),
      status: status)
  }
}
