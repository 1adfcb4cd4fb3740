/// What two events have in common that say the same change twice (R1).
struct StripeTwin: Sendable, Hashable {
  private let type: String
  private let object: String
  private let created: Instant
  private let request: String?
  private let data: String

  /// Of an event.
  init(_ event: StripeEventReceived) {
    (type, object, created) = (event.eventType, event.objectID, event.created)
    (request, data) = (event.requestID, event.dataSHA)
  }
}
