/// When Stripe said something, and in which event or answer: an order of all that it says, which is the same whatever came first. What happened
/// first does not follow from it, for Stripe makes events seconds after their causes.
struct StripeSeen: Sendable, Hashable, Comparable {
  var at: Instant
  var id: String

  /// Whether it is said that the object was made.
  var isMade: Bool

  /// In an event.
  init(_ event: StripeEventReceived) {
    (at, id, isMade) = (event.created, event.eventID, event.eventType.hasSuffix(".created"))
  }
  /// In an answer: equal ones are the same.
  init(_ answer: StripeObjectFetched) { (at, id, isMade) = (answer.answeredAt, answer.bodySHA, false) }

  /// The same, but of one second what was made is before what was changed: for what two calls make and change at once.
  var madeFirst: StripeSeen {
    var seen = self
    seen.id = (isMade ? "" : "~") + id
    return seen
  }

  static func < (one: StripeSeen, other: StripeSeen) -> Bool { (one.at, one.id) < (other.at, other.id) }
}
