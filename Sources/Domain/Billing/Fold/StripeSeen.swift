/// When Stripe said something, and in which event or answer: an order of all that it says, which is the same whatever came first. What happened
/// first does not follow from it, for Stripe makes events seconds after their causes.
struct StripeSeen: Sendable, Hashable, Comparable {
  var at: Instant
  var id: String

  /// In an event. Of one second that in which the object was made is the first: what is made and changed by two calls, as a schedule is, would
  /// else be as it was made.
  init(_ event: StripeEventReceived) {
    (at, id) = (event.created, (event.eventType.hasSuffix(".created") ? "" : "~") + event.eventID)
  }
  /// In an answer: equal ones are the same.
  init(_ answer: StripeObjectFetched) { (at, id) = (answer.answeredAt, "~" + answer.bodySHA) }

  static func < (one: StripeSeen, other: StripeSeen) -> Bool { (one.at, one.id) < (other.at, other.id) }
}
