/// Stripe said that something happened, as it said it. Stream: its customer's (``StripeStream``).
package struct StripeEventReceived: EventData {
  package static let kind = EventKind("stripe_event_received")
  /// Whose it is at Stripe.
  package var stripeAccount: String
  package var livemode: Bool
  /// `evt_…`: its identity. Another body under the same id is the same event.
  package var eventID: String
  /// Such as `customer.subscription.updated`.
  package var eventType: String
  @Nullable package var apiVersion: String?
  /// When Stripe made it, to the second: no order follows from it.
  package var created: Instant
  /// `req_…`; nil of what Stripe did by itself.
  @Nullable package var requestID: String?
  /// Of the object that it is about.
  package var objectID: String
  /// `cus_…`
  @Nullable package var customer: String?
  /// `sub_…`
  @Nullable package var subscription: String?
  /// What rules read of the object.
  package var facts: StripeFacts
  /// The same of the object as it was before, of an update.
  @Nullable package var prior: StripeFacts?
  /// Of the object and its previous attributes in canonical JSON, in hex: what tells a twin from another change.
  package var dataSHA: String
  /// The raw body, sealed under the key of the customer (``StripeStream/sealingSubject``).
  package var bodySealed: String
  /// Of the raw body, in hex.
  package var bodySHA: String

  /// The data of one such event.
  package init(
    stripeAccount: String, livemode: Bool, eventID: String, eventType: String, apiVersion: String? = nil,
    created: Instant, requestID: String? = nil, objectID: String, customer: String? = nil, subscription: String? = nil,
    facts: StripeFacts, prior: StripeFacts? = nil, dataSHA: String, bodySealed: String, bodySHA: String
  ) {
    self.stripeAccount = stripeAccount
    self.livemode = livemode
    self.eventID = eventID
    self.eventType = eventType
    self.apiVersion = apiVersion
    self.created = created
    self.requestID = requestID
    self.objectID = objectID
    self.customer = customer
    self.subscription = subscription
    self.facts = facts
    self.prior = prior
    self.dataSHA = dataSHA
    self.bodySealed = bodySealed
    self.bodySHA = bodySHA
  }
}
