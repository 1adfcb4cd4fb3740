import Domain
import HTTPTypes

extension Operation {
  /// The fast way in. Its body is read by ``TrackBody``, which knows no JSONBody.
  static let track = Operation(
    .post, "/api/v1/track", id: "track", .tracking, "Record requests, each exactly once",
    note: """
      One event, or up to \(TrackSchemas.limits.events) under `events`. An event with `event_id`, or a call with `batch_id`, may be sent \
      again any number of times: what was recorded is answered as a duplicate. One bad event never costs its neighbours theirs. Bodies \
      may be gzip. Members that are not described are ignored, and named in the answer. The key may stand in the Authorization header or \
      in `api_key`, and must be the same where both have one.
      """, right: .key(.track),
    body: .other(
      .anyOf([.component("SingleEvent"), .component("ManyEvents")]),
      components: [
        "Event": TrackSchemas.event, "SingleEvent": TrackSchemas.singleEvent, "ManyEvents": TrackSchemas.manyEvents,
      ]),
    answer: OperationAnswer(
      .accepted, TrackAnswer.receipt, "At least one event is durable, or all were before.",
      headers: ["RateLimit": "RateLimit", "RateLimit-Policy": "RateLimitPolicy"]),
    problems: [
      .malformedBody, .bodyTooLarge, .unsupportedEncoding, .invalidEvent, .eventIDConflict, .quotaExceeded, .throttled,
      .outcomeUnknown,
    ])
}

/// What a tracked call may hold, as ``TrackField`` says.
enum TrackSchemas {
  static let limits = TrackLimits.standard

  static let event = Schema.object(of: TrackField.allCases.map(\.member).filter(\.isOfEvent))

  static let singleEvent = Schema([
    "allOf": .array([Schema.component("Event").json]), "type": "object",
    "properties": .object(
      Dictionary(uniqueKeysWithValues: [TrackField.apiKey, .sender].map { ($0.name, Schema($0.member).json) })),
  ])

  static let sender = Schema([
    "type": "object", "required": .array(["id", "sequence", "dropped"]),
    "properties": .object([
      "id": Schema.uuid.described("Drawn when the SDK starts. Version 7 is kindest.").json,
      "sequence": Schema.integer(1...Int(TrackSender.largest)).described(
        "Counts the sender's calls, its batches, from 1, one by one; one that is sent again keeps its number."
      ).json,
      "dropped": Schema.integer(0...Int(TrackSender.largest)).described(
        "How many events the sender had to let go, in all since it started."
      ).json,
    ]),
  ])

  static let manyEvents = Schema.object(of: TrackField.allCases.map(\.member).filter { !$0.isOfEvent })
}

extension Schema {
  fileprivate static func object(of members: [TrackMember]) -> Schema {
    Schema([
      "type": "object", "required": .array(members.filter(\.isRequired).map { .string($0.name) }),
      "properties": .object(Dictionary(uniqueKeysWithValues: members.map { ($0.name, Schema($0).json) })),
    ])
  }

  fileprivate init(_ member: TrackMember) {
    let value: Schema =
      switch member.value {
      case .text(let lengths, let pattern): .text(lengths, pattern: pattern)
      case .label(let most): .text(1...most)
      case .integer(let range): .integer(range)
      case .number(let most): Schema(["type": "number", "minimum": 0, "maximum": .integer(most)])
      case .time: .time
      case .uuid: .uuid
      case .sender: TrackSchemas.sender
      case .events(let counts):
        .array(of: .component("Event"), atLeast: counts.lowerBound, atMost: counts.upperBound)
      }
    self = (member.isRequired ? value : value.orNull).described(member.note)
  }
}
