/// The fields of a track call that mean something to us, in the order in which they are read, told of and stored. All others are
/// ignored, so that a newer client can talk to an older server, and named in the answer (``IgnoredMembers``).
///
/// Another member of an event is a case here. The compiler then asks what it is (``member``), how it is read (`TrackDecoder.read`) and
/// how it is stored (`TrackedRequest.encode`), in a property of its own; tests ask for it in the log's schema and among its samples. What
/// may be absent costs nothing where it is.
package enum TrackField: UInt8, CaseIterable, Hashable, Sendable {
  case endpoint, method, statusCode, responseTime, timestamp
  case consumer, requestBytes, responseBytes, release, error, eventID
  case apiKey, batchID, sender, events

  /// What there is to say of it, for those who send it.
  package var member: TrackMember {
    let limits = TrackLimits.standard
    return switch self {
    case .endpoint:
      .ofEvent(
        "endpoint", .text(1...limits.endpointBytes, pattern: #"^(/|\*$|[^/?#]+:[0-9]{1,5}$)"#), isRequired: true,
        "The path that was asked for, from `/` on; `*` of an OPTIONS, or host:port of a CONNECT.")
    case .method:
      .ofEvent(
        "method", .text(1...TrackedMethod.maximumBytes, pattern: "^[-!#$%&'*+.^_`|~0-9A-Za-z]+$"), isRequired: true,
        "Any token of HTTP (RFC 9110). GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE and PATCH are upper case however they "
          + "are sent; all others stay as they are.")
    case .statusCode: .ofEvent("status_code", .integer(100...599), isRequired: true)
    case .responseTime:
      .ofEvent(
        "response_time_ms", .number(upTo: Int(limits.responseTimeNanoseconds / 1_000_000)),
        "How long it took. Leave it out where you do not know: 0 is a time.")
    case .timestamp:
      .ofEvent(
        "timestamp", .time, isRequired: true, "When the request was answered: \(AcceptanceWindow.standard.allowed).")
    case .consumer:
      .ofEvent(
        "consumer", .label(upTo: limits.labelCharacters),
        "Who called: an id or a name of your choice. It stays in the log for good: a person's e-mail address does not "
          + "belong here.")
    case .requestBytes:
      .ofEvent("request_bytes", .integer(0...limits.messageBytes), "Of the request's body, as you count them.")
    case .responseBytes:
      .ofEvent("response_bytes", .integer(0...limits.messageBytes), "Of the answer's body, as you count them.")
    case .release:
      .ofEvent(
        "release", .label(upTo: limits.labelCharacters), "Your own version that answered, such as `2026-11-24.3`.")
    case .error:
      .ofEvent(
        "error", .label(upTo: limits.labelCharacters),
        "What went wrong: the name of a class, or a code, such as `TimeoutError`. Not its message.")
    case .eventID:
      // What a unit of the log is known by stands beside its events.
      .ofEvent("event_id", .uuid, isStored: false, "Makes sending it again safe. Not beside batch_id.")
    case .apiKey:
      .ofCall("api_key", .text(1...limits.apiKeyBytes), "Where it does not stand in the Authorization header.")
    case .batchID:
      .ofCall("batch_id", .uuid, "Makes sending the whole call again safe: an event is then known by its place in it.")
    case .sender:
      .ofCall(
        "sender", .sender,
        "Which running SDK makes the call, and which of its batches this is: so that what never came in shows (`/senders`). Takes nothing "
          + "of the quota.")
    case .events: .ofCall("events", .events(1...limits.events), isRequired: true)
    }
  }

  /// As it stands in the JSON.
  package var name: String { member.name }
}
