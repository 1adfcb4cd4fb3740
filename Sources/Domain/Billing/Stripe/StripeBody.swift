/// A body of Stripe's, read: an event, or an object that a GET answered.
package struct StripeBody: Sendable {
  /// `evt_…`, of an event.
  package var eventID: String
  package var eventType: String
  package var apiVersion: String?
  package var livemode: Bool
  package var created: Instant
  package var requestID: String?
  /// A Connect event's `account`: refused at the door.
  package var connectedAccount: String?
  package var object: StripeObject
  /// Of the object as it was before: `previous_attributes` over it. Objects merge deeply, arrays are replaced whole.
  package var prior: StripeFacts?
  /// Object and previous attributes in canonical JSON (members in order of their names), to be hashed.
  package var canonicalData: [UInt8]

  /// Why a body can't be read.
  package enum Failure: Error, Equatable {
    case notJSON
    /// A thin event (`object` is `v2.core.event`): it brings no object.
    case thin
    case missing(String)
  }

  /// Of an event's raw body.
  package init(event json: [UInt8]) throws(Failure) { throw .notJSON }
}

/// An object of Stripe's, read.
package struct StripeObject: Sendable {
  package var id: String
  /// Stripe's `object`: `subscription`, `invoice`, …
  package var kind: String
  package var customer: String?
  package var subscription: String?
  /// The installation that made it, by its metadata, or by that of its price; nil: nobody says.
  package var installation: String?
  /// Nil: of a kind that no rule reads.
  package var facts: StripeFacts?

  /// Of the raw body of a GET's answer.
  package init(json: [UInt8]) throws(StripeBody.Failure) { throw .notJSON }
}
