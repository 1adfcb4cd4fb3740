/// Why a track call was refused as a whole. A fault that lies in one event is that event's `FieldProblem`.
package enum TrackBodyError: Error, Hashable, Sendable {
  /// The body has more bytes than allowed.
  case tooLarge(bytes: Int, allowed: Int)
  /// The body is not JSON, or its own strings (not its events') are no Unicode text.
  case malformed(TextPlace, expected: String, found: String)
  /// The body is JSON, but no object.
  case notAnObject(found: String)
  /// A field of ours is there twice, and which of them is meant cannot be known.
  case repeated(TrackField)
  /// The key is no string or too long. The key is not repeated here.
  case badAPIKey(found: String, allowed: String)
  /// The batch id is no UUID.
  case badBatchID(found: String)
  /// The sender, or a member of it, is not what it must be.
  case badSender(member: String?, found: String, allowed: String)
  /// `events` is no array.
  case badEvents(found: String)
  /// `events` is an empty array.
  case emptyEvents
  /// There is neither `events` nor a field of an event.
  case missingEvents
  /// There is both `events` and a field of an event beside it.
  case mixed(TrackField)
  /// `events` has more elements than allowed. The rest is not counted.
  case tooManyEvents(allowed: Int)

  /// Where it is: line, column and byte, or a JSON pointer (RFC 6901), empty for the whole body.
  package var place: String {
    switch self {
    case .malformed(let place, _, _): place.description
    case .repeated(let field), .mixed(let field): "/\(field.name)"
    case .badAPIKey: "/api_key"
    case .badBatchID: "/batch_id"
    case .badSender(let member, _, _): "/sender" + (member.map { "/\($0)" } ?? "")
    case .badEvents, .emptyEvents, .tooManyEvents: "/events"
    case .tooLarge, .notAnObject, .missingEvents: ""
    }
  }

  /// What was sent, at most 64 characters of it, safe to print.
  package var found: String {
    switch self {
    case .tooLarge(let bytes, _): "\(bytes) bytes"
    case .malformed(_, _, let found), .notAnObject(let found), .badAPIKey(let found, _), .badBatchID(let found),
      .badSender(_, let found, _), .badEvents(let found):
      found
    case .repeated(let field): "\(field.name) twice"
    case .emptyEvents: "an empty array"
    case .missingEvents: "neither events nor the fields of one event"
    case .mixed(let field): "\(field.name) beside events"
    case .tooManyEvents(let allowed): "more than \(allowed) events"
    }
  }

  /// What would have been accepted.
  package var allowed: String {
    switch self {
    case .tooLarge(_, let allowed): "at most \(allowed) bytes"
    case .malformed(_, let expected, _): expected
    case .notAnObject: "a JSON object"
    case .repeated: "each field once"
    case .badAPIKey(_, let allowed): allowed
    case .badBatchID: UUIDText.allowed
    case .badSender(_, _, let allowed): allowed
    case .badEvents: "an array of event objects"
    case .emptyEvents: "at least one event; do not send when there is nothing to send"
    case .missingEvents: "either events, an array, or \(Self.fieldsOfOne)"
    case .mixed: "either events, or one event's fields, not both"
    case .tooManyEvents(let allowed): "at most \(allowed) events in a call; send the rest in another"
    }
  }

  private static var fieldsOfOne: String {
    let names = TrackTable.standard.required.map(\.name)
    return "\(names.dropLast().joined(separator: ", ")) and \(names.last ?? "")"
  }
}

extension TrackBodyError: CustomStringConvertible {
  /// Such as `line 1, column 5 (byte 4): found 'x', allowed is a value`.
  package var description: String { "\(place.isEmpty ? "body" : place): found \(found), allowed is \(allowed)" }
}

/// A place in a text.
package struct TextPlace: Hashable, Sendable, CustomStringConvertible {
  /// Bytes before it.
  package let offset: Int
  /// From 1. Lines end with a line feed.
  package let line: Int
  /// From 1, in characters' first bytes, so that it is what an editor shows.
  package let column: Int

  init(offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
    self.offset = offset
    let before = bytes[..<min(offset, bytes.count)]
    line = 1 + before.reduce(0) { $1 == 0x0A ? $0 + 1 : $0 }
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    column = 1 + before[lineStart...].reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
  }

  /// Such as `line 1, column 5 (byte 4)`.
  package var description: String { "line \(line), column \(column) (byte \(offset))" }
}
