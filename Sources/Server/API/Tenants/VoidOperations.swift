import Application
import Domain
import EventLog
import Foundation
import HTTPTypes

/// What can be asked about voids of a project's requests, and of them.
extension Operation {
  static let voids = Operation(
    .get, "/api/v1/projects/{project_id}/voids", id: "voids", .projects,
    "What was taken out of a project's numbers", note: "The latest first.", right: .member(.readNumbers),
    query: QueryParameters(VoidRoutes.limit, VoidRoutes.place),
    answer: OperationAnswer(VoidRoutes.page, "A page of voids."))

  static let previewVoid = Operation(
    .get, "/api/v1/projects/{project_id}/voids/preview", id: "previewVoid", .projects,
    "What a void would take out now", note: "Nothing is changed.", right: .member(.manageBilling),
    query: QueryParameters(VoidRoutes.from, VoidRoutes.to, VoidRoutes.mode),
    answer: OperationAnswer(VoidRoutes.previewShape, "What it would take."), problems: [.tooManyAtOnce])

  static let voidTelemetry = Operation(
    .post, "/api/v1/projects/{project_id}/voids", id: "voidTelemetry", .projects,
    "Take a span of requests out of all numbers",
    note: """
      Such as a load test. Taken are the requests of the project with `from` <= timestamp < `to` that count at the moment; what arrives \
      later counts, until it is voided, too. They leave every statistic, and stay in the log and in `intake`, with the reason, and in \
      what the month's quota has used: only the operator gives quota back. There is no way back. Only an owner may.
      """, right: .member(.manageBilling), isIdempotent: true,
    body: .object(Body(VoidRoutes.first, VoidRoutes.end, VoidRoutes.kind, VoidRoutes.reason)),
    answer: OperationAnswer(
      .created, VoidRoutes.made, "The void; the same again for the same Idempotency-Key."),
    problems: [.idempotencyConflict, .tooManyAtOnce, .tooManyAttempts])
}

extension VoidRoutes {
  static let limit = Parameter<Int>.limit(upTo: 500)
  static let place = Parameter<Int64?>.cursor {
    try $0.cursor(Int64.self)
  }
  static let from = time("from", "The first timestamp taken.")
  static let to = time("to", "The first timestamp after the span.")
  static let mode = Parameter<KeyMode?>.word("mode", "live by default.")

  private static func time(_ name: String, _ note: String) -> Parameter<Instant> {
    Parameter(name, .time, note: note, isRequired: true) { parameters in
      guard let time = try parameters.time(name) else {
        throw parameters.invalid(name, "nothing", allowed: Instant.allowed)
      }
      return time
    }
  }

  static let first = Member<Instant>.time("from", "The first timestamp taken.")
  static let end = Member<Instant>.time("to", "The first timestamp after the span.")
  static let kind = Member<KeyMode?>.optionalWord("mode", "live by default.")
  static let reason = Member<String>.text(
    "reason",
    "Kept in the log for ever: not all of it spaces, without control characters and characters that turn the direction of text.",
    .text(1...Project.maximumReasonLength))

  private static let counts = Shape<VoidedCount>([
    .text("month") { $0.month }, .id("key_id") { $0.keyID }, .integer("events") { $0.events },
  ])

  private static let days = Shape<Voiding.Taken.Day>([
    Field("day", .day) { .string($0.day.dayText) }, .integer("events") { $0.events },
  ])

  private static let countsNote = "By the calendar month (UTC) that they were charged to, and key."

  static let page = Shape<Answered<Page<ListedVoid, Int64>>>.page(
    "voids",
    of: Shape(
      "Void",
      [
        .id("void_id") { $0.id }, .word("mode") { $0.mode }, .time("from") { $0.from }, .time("to") { $0.to },
        .text("reason") { $0.reason }, .integer("events", "How many requests it took, in all.") { $0.events },
        .list("counts", of: counts, countsNote) { $0.counts },
        .boolean(
          "gives_back_quota",
          "Whether what it took no longer counts against the quota either: false for an owner's, the operator's to say; true for all "
            + "of the first release."
        ) { $0.givesBackQuota },
        .integer("upto_position", "What was recorded later counts.") { $0.uptoPosition },
        .integer("position", "Where it stands in the log.") { $0.position },
        .optionalID("voided_by", "The person; null from the command line.") { $0.voidedBy },
        .time("recorded_at") { $0.recordedAt },
      ])
  ) { Cursor($0) }

  static let previewShape = Shape<VoidPreview>([
    .id("project_id") { $0.project }, .word("mode") { $0.span.mode },
    .time("from") { $0.span.from }, .time("to") { $0.span.to },
    .integer("events") { $0.taken.events },
    .list("counts", of: counts, countsNote) { $0.taken.counts },
    .list("days", of: days, "By the day (UTC) of their own timestamps.") { $0.taken.days },
  ])

  static let made = Shape<TelemetryVoided>([
    .id("void_id") { $0.voidID }, .id("project_id") { $0.projectID }, .word("mode") { $0.mode },
    .time("from") { $0.from }, .time("to") { $0.to },
    .text("reason") { $0.reason }, .integer("events") { $0.events },
    .list("counts", of: counts, countsNote) { $0.counts },
    .boolean("gives_back_quota", "Only the operator gives quota back.") { $0.givesBackQuota },
    .integer("upto_position", "What is recorded later counts.") { $0.uptoPosition },
  ])
}

/// What a void would take, as the API answers it.
struct VoidPreview: Sendable {
  let project: UUID
  let span: Voiding.Span
  let taken: Voiding.Taken
}
