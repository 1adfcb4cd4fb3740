/// What Stripe answered when it was asked for an object. Stream: its customer's.
package struct StripeObjectFetched: EventData {
  package static let kind = EventKind("stripe_object_fetched")
  /// Whose it is at Stripe.
  package var stripeAccount: String
  package var livemode: Bool
  package var objectID: String
  @Nullable package var customer: String?
  @Nullable package var subscription: String?
  /// What rules read of the object.
  package var facts: StripeFacts
  /// The events about it that were known when it was asked for: closed by the answer.
  package var knownEvents: [String]
  /// Stripe's `Date`.
  package var answeredAt: Instant
  /// Stripe's `Request-Id`.
  @Nullable package var requestID: String?
  @Nullable package var apiVersion: String?
  /// The raw body, sealed likewise.
  package var bodySealed: String
  package var bodySHA: String

  /// The data of one such event.
  package init(
    stripeAccount: String, livemode: Bool, objectID: String, customer: String? = nil, subscription: String? = nil,
    facts: StripeFacts, knownEvents: [String], answeredAt: Instant, requestID: String? = nil, apiVersion: String? = nil,
    bodySealed: String, bodySHA: String
  ) {
    self.stripeAccount = stripeAccount
    self.livemode = livemode
    self.objectID = objectID
    self.customer = customer
    self.subscription = subscription
    self.facts = facts
    self.knownEvents = knownEvents
    self.answeredAt = answeredAt
    self.requestID = requestID
    self.apiVersion = apiVersion
    self.bodySealed = bodySealed
    self.bodySHA = bodySHA
  }
}
