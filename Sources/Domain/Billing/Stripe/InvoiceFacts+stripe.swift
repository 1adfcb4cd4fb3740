extension InvoiceFacts {
  /// Of an invoice. Nil without a status, a currency or a beginning.
  init?(stripe object: JSONValue) {
    guard let status = object.word("status"), let currency = object.word("currency"),
      let created = object.time("created")
    else { return nil }
    let periods = Self.periods(of: object)
    self.init(
      status: status, subscription: Self.subscription(of: object), number: object.word("number"), currency: currency,
      total: object.whole("total") ?? 0, amountDue: object.whole("amount_due") ?? 0,
      amountPaid: object.whole("amount_paid") ?? 0, tax: Self.tax(of: object),
      attemptCount: object.whole("attempt_count") ?? 0, nextPaymentAttempt: object.time("next_payment_attempt"),
      billingReason: object.word("billing_reason"), created: created,
      periodStart: periods.compactMap { $0.time("start") }.min() ?? object.time("period_start"),
      periodEnd: periods.compactMap { $0.time("end") }.max() ?? object.time("period_end"))
  }

  /// Where it has stood since API version 2025-03-31, where it stood before, and else where its lines name it.
  static func subscription(of invoice: JSONValue) -> String? {
    invoice["parent"]?["subscription_details"]?.id("subscription") ?? invoice.id("subscription")
      ?? invoice.list("lines").lazy.compactMap { Self.subscription(ofLine: $0) }.first
  }

  private static func subscription(ofLine line: JSONValue) -> String? {
    line["parent"]?["subscription_item_details"]?.id("subscription") ?? line.id("subscription")
  }

  /// What is paid for: the invoice's own period is the one before, in which its items came together.
  private static func periods(of invoice: JSONValue) -> [JSONValue] {
    invoice.list("lines").filter { subscription(ofLine: $0) != nil }.compactMap { $0["period"] }
  }

  /// The sum of `total_taxes`, which were `tax` before API version 2025-03-31; nil where none is reckoned.
  private static func tax(of invoice: JSONValue) -> Int? {
    let taxes = invoice.list("total_taxes").compactMap { $0.whole("amount") }
    return taxes.isEmpty ? invoice.whole("tax") : taxes.reduce(0) { $0.addingSaturating($1) }
  }
}
