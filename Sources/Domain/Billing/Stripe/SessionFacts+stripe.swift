extension SessionFacts {
  /// Of a checkout session. Nil without a status.
  init?(stripe object: JSONValue) {
    guard let status = object.word("status") else { return nil }
    self.init(
      status: status, paymentStatus: object.word("payment_status"), subscription: object.id("subscription"),
      account: object.word("client_reference_id") ?? object["metadata"]?.word("recount_account"))
  }
}
