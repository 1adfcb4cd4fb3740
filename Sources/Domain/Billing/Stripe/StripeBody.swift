/// A body of Stripe's, read: an event that was sent, or that a list of events has.
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

  /// Of an event's raw body. An object that nobody reads, or that lacks what is read of it, is no failure: it has no facts.
  package init(event json: [UInt8]) throws(Failure) {
    let event = try JSONValue(stripe: json)
    guard !(event.word("object") ?? "").hasPrefix("v2.") else { throw .thin }
    guard let id = event.word("id") else { throw .missing("id") }
    guard let type = event.word("type") else { throw .missing("type") }
    guard let created = event.time("created") else { throw .missing("created") }
    guard case .bool(let livemode) = event["livemode"] else { throw .missing("livemode") }
    guard let object = event["data"]?["object"] else { throw .missing("data.object") }
    let before = event["data"]?["previous_attributes"]

    (eventID, eventType, self.created, self.livemode) = (id, type, created, livemode)
    apiVersion = event.word("api_version")
    requestID = event.id("request")
    connectedAccount = event.word("account")
    self.object = StripeObject(object)
    if type == "customer.deleted" { self.object.facts?.customer?.deleted = true }
    prior = before.flatMap { StripeFacts(stripe: object.overlaid(with: $0)) }
    canonicalData = JSONValue.object(["object": object, "previous_attributes": before ?? .null]).bytes
  }
}
