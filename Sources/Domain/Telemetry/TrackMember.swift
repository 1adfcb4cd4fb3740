/// What there is to say of a field of a track request, once: how it is found, what is told of it when it is missing, and what the API's
/// description says come of it. The log's schema (EventSchemas) stands by itself, for it is a contract with others: a test holds it
/// against this.
package struct TrackMember: Sendable {
  /// As it stands in the JSON.
  package let name: String
  /// What it may be.
  package let value: TrackValue
  /// Whether it means something within an event: a key or a batch id does not, there.
  package let isOfEvent: Bool
  /// Whether it must be there. Where it need not, `null` counts as absent.
  package let isRequired: Bool
  /// Whether events in the log have it.
  package let isStored: Bool
  /// What somebody who sends it should know.
  package let note: String?

  /// A member of an event.
  static func ofEvent(
    _ name: String, _ value: TrackValue, isRequired: Bool = false, isStored: Bool = true, _ note: String? = nil
  ) -> TrackMember {
    TrackMember(name: name, value: value, isOfEvent: true, isRequired: isRequired, isStored: isStored, note: note)
  }

  /// A member of the call.
  static func ofCall(
    _ name: String, _ value: TrackValue, isRequired: Bool = false, _ note: String? = nil
  ) -> TrackMember {
    TrackMember(name: name, value: value, isOfEvent: false, isRequired: isRequired, isStored: false, note: note)
  }
}

/// What a member may be.
package enum TrackValue: Hashable, Sendable {
  /// Text of so many bytes of UTF-8, of a form (a regular expression of JSON Schema).
  case text(ClosedRange<Int>, pattern: String? = nil)
  /// A name of the sender's own, of 1 to so many characters, as ``NameRule`` takes them.
  case label(upTo: Int)
  /// An integer.
  case integer(ClosedRange<Int>)
  /// A number from 0 on.
  case number(upTo: Int)
  /// RFC 3339.
  case time
  /// A UUID.
  case uuid
  /// Which of whose calls it is: ``TrackSender``.
  case sender
  /// So many events.
  case events(ClosedRange<Int>)
}
