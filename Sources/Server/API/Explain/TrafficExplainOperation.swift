import Application
import Domain
import EventLog
import Foundation
import HTTPTypes

extension Operation {
  static let explainTraffic = Operation(
    .get, "/api/v1/projects/{project_id}/explain", id: "explainTraffic", .numbers,
    "What makes the number of a project's requests in a span",
    note: """
      By the requests' own timestamps, between quarters of an hour, as far back as detail is kept: how many count now, when they were recorded \
      and between which positions, and which voids took some. With `known_at` also what was shown then, what came late and what was voided since: \
      calls = shown.calls - shown.voided_since + shown.late. Where it ended early, `is_complete` is false, and the numbers are of `explained_from` to \
      `to`: ask again with `to` at `explained_from` for the rest.
      """, right: .memberOrKey(.readNumbers, .read),
    query: QueryParameters(.mode, .from, .to, TrafficExplainShapes.knownAt),
    answer: OperationAnswer(TrafficExplainShapes.explanation, "The number, day by day."), problems: [.tooManyAtOnce])
}

/// A span's traffic, explained.
struct TrafficExplained: Sendable {
  let span: SpanAnswer<TrafficExplanation>

  var explanation: TrafficExplanation { span.content }
  var traffic: ExplainedTraffic { span.content.traffic }

  /// What was shown, where that can be told.
  var shown: Shown? {
    guard let moment = explanation.knownAt, let known = traffic.known else { return nil }
    return Shown(moment: moment, position: min(known, span.answered.asOf.logPosition), numbers: traffic.numbers)
  }

  struct Shown: Sendable {
    let moment: Instant
    let position: Int64
    let numbers: TrafficPieces
  }
}

enum TrafficExplainShapes {
  static let knownAt = Parameter<Instant?>.time("known_at", "A moment at which the number was looked at.")

  static let explanation = SpanAnswer<TrafficExplanation>.shape.extended(
    from: { (answer: Explained<TrafficExplained>) in answer.content.span },
    [
      .checkpoint(), .integer("shard", "The chain in which positions count.") { $0.content.traffic.shard },
      .integer("calls", "Requests that count now.") { $0.content.traffic.numbers.counted },
      .integer("recorded", "Requests that were recorded, voided or not.") { $0.content.traffic.numbers.recorded },
      .integer("voided", "Requests that voids took. calls = recorded - voided.") {
        $0.content.traffic.numbers.voided
      },
      position("first_position", "Of those that count, null of none.") { $0.content.traffic.numbers.first },
      position("last_position", "Of those that count. Others' may stand between.") {
        $0.content.traffic.numbers.last
      },
      .nullable("shown", shown, "null without `known_at`.") { $0.content.shown },
      .list("days", of: day, "By the day (UTC) of recording, in order.") { answer in
        answer.content.traffic.numbers.days.sorted { $0.key < $1.key }.map { Day(at: $0.key, pieces: $0.value) }
      },
      .list("voids", of: void, "What took requests of the span, in order of position.") {
        $0.content.explanation.voids
      },
      .time("explained_from", "From when on all was counted; `from` where it is complete.") {
        $0.content.traffic.explainedFrom
      },
    ]
      + Field.whole(
        { $0.content.traffic.stop },
        """
        cost: the call has looked at as much as one may. archive: what comes before lies in an archived month that this server can't read. null \
        where it is complete.
        """))

  private static let shown = Shape<TrafficExplained.Shown>([
    .time("known_at") { $0.moment }, .integer("position", "Where the log stood then.") { $0.position },
    .integer("calls", "What was shown: recorded by then, and not voided by then.") { $0.numbers.then },
    .integer("late", "Of those that count now, those recorded since.") { $0.numbers.late },
    .integer("voided_since", "Of those that were shown, those voided since.") { $0.numbers.voidedSince },
  ])

  private struct Day {
    let at: Instant
    let pieces: TrafficPieces.Day
  }

  private static let day = Shape<Day>([
    Field("recorded_on", .day) { .string($0.at.dayText) },
    .integer("events", "Recorded on it, voided or not.") { $0.pieces.recorded },
    .integer("voided", "Of them, voided by now.") { $0.pieces.voided },
    .integer("late", "Of them, recorded after `known_at`; 0 without one.") { $0.pieces.late },
    .integer("first_position") { $0.pieces.first },
    .integer("last_position", "Others' may stand between.") { $0.pieces.last },
  ])

  private static let void = Shape<TrafficVoid>([
    .id("void_id", "Its reason is among the project's voids.") { $0.id }, .integer("position") { $0.position },
    .integer("events", "How many of the span it took.") { $0.events },
  ])

  private static func position(
    _ name: String, _ note: String, _ get: @escaping @Sendable (Explained<TrafficExplained>) -> Int64?
  ) -> Field<Explained<TrafficExplained>> {
    Field(name, Schema.integer.orNull, note: note) { get($0).map { .integer(Int($0)) } ?? .null }
  }
}

extension SpanAnswer<TrafficExplanation> {
  fileprivate static let shape = Shape<SpanAnswer<TrafficExplanation>>.span([])
}
