/// A row of an aggregate's table: one of its cases, and so the event type of the data that the case holds.
package struct EventCase<Event: Sendable>: Sendable {
  /// Type, version, and what else is said of it.
  package let kind: EventKind
  /// The Swift type of its data.
  package let payload: any EventData.Type
  let decode: @Sendable ([UInt8]) throws -> Event

  /// The case that wraps such data.
  package init<Payload: EventData>(_ wrap: @escaping @Sendable (Payload) -> Event) {
    kind = Payload.kind
    payload = Payload.self
    decode = { wrap(try EventCoding.decode(Payload.self, from: $0)) }
  }
}
