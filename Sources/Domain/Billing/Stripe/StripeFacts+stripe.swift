extension StripeFacts {
  /// What rules read of an object of Stripe's, whatever its API version; nil: nothing.
  init?(stripe object: JSONValue) {
    self.init()
    switch object.word("object") {
    case "subscription": subscription = SubscriptionFacts(stripe: object)
    case "invoice": invoice = InvoiceFacts(stripe: object)
    case "invoice_payment": payment = InvoicePaymentFacts(stripe: object)
    case "checkout.session": session = SessionFacts(stripe: object)
    case "charge": charge = ChargeFacts(stripe: object)
    case "refund": refund = RefundFacts(stripe: object)
    case "dispute": dispute = DisputeFacts(stripe: object)
    case "radar.early_fraud_warning": warning = WarningFacts(stripe: object)
    case "customer": customer = CustomerFacts(stripe: object)
    case "subscription_schedule": schedule = ScheduleFacts(stripe: object)
    default: break
    }
    guard self != StripeFacts() else { return nil }
  }
}
