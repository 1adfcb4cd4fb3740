public import Foundation

/// A track request, read: from the bytes of the body to events that are each valid or say why not.
///
/// 1. `JSONScanner` walks the bytes and hands out the places of values.
/// 2. `TrackDecoder` notes the places of the fields it knows, at the top and in each event.
/// 3. `TrackDecoder+fields` reads each field of an event; the first fault makes that event invalid, and no other.
/// 4. `PathTemplate` names the endpoint; `AcceptanceWindow` says whether the event is in time.
/// 5. `TrackedRequest.encode` gives what is stored, and what a retry is recognised by.
///
/// No clock is read, and nothing outside the body: the same body and time give the same events.
public struct TrackBody: Hashable, Sendable {
  /// The key, as sent; nil when it must be in a header. `null` counts as absent, here and for both kinds of id.
  public let apiKey: String?
  /// The id of the whole request, under which each event's id is (batch id, ordinal).
  public let batchID: UUID?
  /// Whether the body was one event and not an `events` array.
  public let isSingle: Bool
  /// In the order sent, at least one.
  public let events: [TrackedEvent]
}
