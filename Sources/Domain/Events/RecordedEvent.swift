/// The events of one aggregate: a closed set, each case of which holds the data of one event type.
package protocol RecordedEvent: Sendable, Equatable {
  /// The table of its cases. Nothing is recorded that it lacks, for nothing could read it back.
  static var cases: [EventCase<Self>] { get }
  /// Whether events of this kind can be recorded, and read back.
  static func records(_ kind: EventKind) -> Bool
  /// The data to be recorded.
  var data: any EventData { get }
}

extension RecordedEvent {
  package static func records(_ kind: EventKind) -> Bool { cases.contains { $0.kind == kind } }

  package var data: any EventData {
    guard let data = Mirror(reflecting: self).children.first?.value as? any EventData else {
      preconditionFailure("a case of \(Self.self) must hold an event's data, and nothing else: \(self)")
    }
    return data
  }

  /// The event that JSON holds, by its type; nil when no event of this aggregate is of that type.
  package static func decode(_ type: String, from json: [UInt8]) throws -> Self? {
    try cases.first { $0.kind.type == type }?.decode(json)
  }
}

/// An event whose stream could not be read again, were it recorded.
package struct UnlistedEvent: Error, CustomStringConvertible {
  let type: String

  /// Of an event type that its aggregate's table lacks.
  package init(type: String) { self.type = type }

  /// Which, and what to do.
  package var description: String { "event type \(type) is in no aggregate's table: list it in `cases`" }
}
