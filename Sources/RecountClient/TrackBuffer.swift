/// Events on their way into a batch, with a bound on the bytes that their body can take.
package struct TrackBuffer: Sendable {
  package private(set) var events: [TrackEvent] = []
  private var bytes = 64

  package init() {}

  package mutating func append(_ event: TrackEvent) {
    events.append(event)
    bytes += event.mostBytes
  }

  /// Whether the event fits into the same request. A buffer that is empty has room for any.
  package func hasRoom(for event: TrackEvent, limit: Int) -> Bool {
    events.isEmpty || (events.count < limit && bytes + event.mostBytes <= TrackBatch.byteLimit)
  }
}
