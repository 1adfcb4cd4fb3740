package import Foundation

/// A track call, read: from the bytes of the body to events that are each valid or say why not.
///
/// 1. `JSONScanner` walks the bytes and hands out the places of values.
/// 2. `TrackDecoder` notes the places of the fields it knows, at the top and in each event.
/// 3. `TrackDecoder+fields` reads each field of an event; the first fault makes that event invalid, and no other.
/// 4. `PathTemplate` names the endpoint; `AcceptanceWindow` says whether the event is in time.
/// 5. `TrackedRequest.encode` gives what is stored, and what a retry is recognised by.
///
/// No clock is read, and nothing outside the body: the same body and time give the same events.
package struct TrackBody: Hashable, Sendable {
  /// The key, as sent; nil when it must be in a header. `null` counts as absent, here and for both kinds of id.
  package let apiKey: String?
  /// The id of the whole call, under which each event's id is (batch id, ordinal).
  package let batchID: UUID?
  /// Which running SDK made the call, where it says so.
  package let sender: TrackSender?
  /// Whether the body was one event and not an `events` array.
  package let isSingle: Bool
  /// In the order sent, at least one.
  package let events: [TrackedEvent]
  /// Names of members that mean nothing to us, of the call and of all its events, fit to be shown: each once, at most twenty.
  package let ignored: [String]
}
