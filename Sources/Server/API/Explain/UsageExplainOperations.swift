import Application
import Domain
import EventLog
import Foundation
import HTTPTypes

/// What a month's use of a quota is made of.
extension Operation {
  static let explainUsage = Operation(
    .get, "/api/v1/accounts/{account_id}/usage/explain", id: "explainUsage", .numbers,
    "Which positions of the log make up what an account used in a month", note: UsageExplainShapes.note,
    right: .memberOrKey(.readNumbers, .read), query: UsageExplainShapes.parameters,
    answer: OperationAnswer(UsageExplainShapes.explanation, "The month, piece by piece."), problems: [.tooManyAtOnce])

  static let explainProjectUsage = Operation(
    .get, "/api/v1/projects/{project_id}/usage/explain", id: "explainProjectUsage", .numbers,
    "Which positions of the log make up what a project used in a month", note: UsageExplainShapes.note,
    right: .memberOrKey(.readNumbers, .read), query: UsageExplainShapes.parameters,
    answer: OperationAnswer(UsageExplainShapes.explanation, "The month, piece by piece."), problems: [.tooManyAtOnce])
}

/// A month, explained.
struct UsageOfMonthExplained: Sendable {
  let account: UUID
  let project: UUID?
  let mode: KeyMode
  let month: CalendarMonth
  let usage: ExplainedUsage
}

enum UsageExplainShapes {
  static let parameters = QueryParameters(.month, .mode, shownAt, limit, place)

  static let shownAt = Parameter<Instant?>.time(
    "shown_at", "A moment at which the usage was looked at. The month's end by default, once it is over.")
  static let limit = Parameter<Int>.limit(500, upTo: 500)
  static let place = Parameter<UsagePlace?>.cursor { parameters in
    try parameters.cursor(Instant.self, UUID.self, UUID.self, Int64.self, Int64.self, Int64.self).map {
      UsagePlace(day: $0, project: $1, key: $2, void: $3, walked: $4, then: $5)
    }
  }

  static let note = """
    Its requests, voided or not, by the day (UTC) that they were recorded on, project and key, with their first and last positions; and the \
    voids that took some of them. tracked = the events of all pieces; used = tracked - given_back; calls = tracked - voided. With a moment it says what was \
    shown then, what came late and what was voided since. Where the moment lies within a day on which requests were recorded, that day is walked, some \
    million events of the shard in a call: where that ended early `next_cursor` goes on, a piece may come in several pages, whose events add up, and \
    `shown` is on the last. The same as `recount explain usage`, which counts the log itself.
    """

  static let explanation = Shape<Explained<UsageOfMonthExplained>>(
    [
      .id("account_id") { $0.content.account },
      Field("project_id", .uuid, note: "Left out of an account's.", isOptional: true) {
        $0.content.project.map { .id($0) }
      },
      .word("mode") { $0.content.mode }, .text("month", "UTC, as 2026-11.") { $0.content.month.description },
      .integer("shard", "The chain in which positions count.") { $0.content.usage.shard }, .asOf { $0.asOf },
      .checkpoint(),
      .integer("used", "What `usage` shows.") { $0.content.usage.used },
      .integer("calls", "What `usage` shows.") { $0.content.usage.calls },
      .integer("tracked", "Requests recorded: the events of all pieces, on whatever page.") {
        $0.content.usage.totals.tracked
      },
      .integer("voided", "Of them, those taken out of the numbers since.") { $0.content.usage.totals.voided },
      .integer("given_back", "Of the voided, those that no longer count against the quota.") {
        $0.content.usage.totals.givenBack
      },
      .boolean("adds_up", "Whether the pieces make up just what `usage` shows.") { $0.content.usage.addsUp },
      .nullable("shown", shown, "null without a moment, and before the last page where a day must be walked.") {
        $0.content.usage.comparison
      },
      .list("pieces", of: piece, "By day, project and key.") { $0.content.usage.pieces },
      .list("voids", of: void) { $0.content.usage.voids },
      .nextCursor { answer in
        answer.content.usage.next.map { Cursor($0.day, $0.project, $0.key, $0.void, $0.walked, $0.then) }
      },
    ]
      + Field.whole(
        { $0.content.usage.stop },
        """
        cost: the call has walked as much as one may, and `next_cursor` goes on. archive: the moment lies in an archived month that this \
        server can't read, so that nothing is told of it. null where neither is.
        """))

  private static let shown = Shape<UsageComparison>([
    .time("shown_at") { $0.moment }, .integer("position", "Where the log stood then.") { $0.position },
    .integer("used", "What had been used, as far as was known then.") { $0.then.used },
    .integer("calls", "What was shown in numbers then.") { $0.then.calls },
    .integer("late", "Requests recorded since.") { $0.late },
    .integer("voided_since", "Requests voided since, be they late themselves.") { $0.voidedSince },
    .integer("given_back_since", "Requests given back since. used then + late - given_back_since = used now.") {
      $0.givenBackSince
    },
  ])

  private static let lateNote = "Whether that was after the moment; null without one."

  private static let piece = Shape<ExplainedPiece>([
    Field("recorded_on", .day) { .string($0.day) }, late { $0.isLate }, .id("project_id") { $0.projectID },
    .id("key_id") { $0.keyID }, .integer("events") { $0.events },
    .integer("first_position") { $0.firstPosition },
    .integer("last_position", "Others' may stand between.") { $0.lastPosition },
  ])

  private static let void = Shape<ExplainedVoid>([
    .id("void_id") { $0.id }, .text("reason") { $0.reason }, .boolean("gives_back_quota") { $0.givesBackQuota },
    .id("project_id") { $0.projectID }, .id("key_id", "Whose requests it took.") { $0.keyID },
    .integer("events", "How many it took.") { $0.events }, .integer("position") { $0.position },
    .time("recorded_at") { $0.recordedAt }, late { $0.isLate },
  ])

  private static func late<Value>(_ get: @escaping @Sendable (Value) -> Bool?) -> Field<Value> {
    Field("is_late", Schema.boolean.orNull, note: lateNote) { get($0).map { .bool($0) } ?? .null }
  }
}
