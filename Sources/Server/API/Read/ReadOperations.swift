import Application
import Domain
import Foundation
import HTTPTypes

/// What a project's dashboard asks.
extension Operation {
  static let summary = Operation(
    .get, "/api/v1/projects/{project_id}/summary", id: "summary", .numbers,
    "A project's traffic in a span, this month by default",
    note: "Numbers of all its endpoints together, and the five that were called most; or of what a filter asks for.",
    right: .memberOrKey(.readNumbers, .read),
    query: QueryParameters(.mode, .from, .to, .timeZone).and(TrafficParameters.terms),
    answer: .span(ReadRoutes.summaryShape, "The summary."), problems: [.tooManyAtOnce])

  static let timeseries = Operation(
    .get, "/api/v1/projects/{project_id}/timeseries", id: "timeseries", .numbers, "A project's traffic over time",
    note: """
      By minutes, hours, days, weeks (from Monday on) or months of a time zone. Of the first and the last interval only what lies in the \
      span is counted, so that the points add up to the summary of the same span.
      """, right: .memberOrKey(.readNumbers, .read),
    query: QueryParameters(.mode, .from, .to, ReadRoutes.interval, .timeZone).and(TrafficParameters.terms),
    answer: .span(ReadRoutes.seriesShape, "A point per interval, quiet ones included."),
    problems: [.tooManyAtOnce])

  static let endpoints = Operation(
    .get, "/api/v1/projects/{project_id}/endpoints", id: "endpoints", .numbers, "The endpoints most called",
    note: "By method and template, or by method and path as it was called.", right: .memberOrKey(.readNumbers, .read),
    query: QueryParameters(.mode, .from, .to, .timeZone, ReadRoutes.group, ReadRoutes.limit, ReadRoutes.rank).and(
      TrafficParameters.terms),
    answer: .span(ReadRoutes.endpointsShape, "Most called first."), problems: [.tooManyAtOnce])

  static let intake = Operation(
    .get, "/api/v1/projects/{project_id}/intake", id: "intake", .numbers,
    "What became of everything sent, by hour or day of receipt",
    note: """
      received = accepted + duplicates + refused + invalid, always; hours and days without any are left out. What was not accepted \
      stands in the hour in which the log recorded it, within a minute or so.
      """, right: .memberOrKey(.readNumbers, .read), query: QueryParameters(.mode, .from, .to, ReadRoutes.grain),
    answer: OperationAnswer(ReadRoutes.intakeShape, "`hours` or `days`, as `interval` says."))
}

extension ReadRoutes {
  static let interval = Parameter<LocalCalendar.Unit?>.word("interval", "day by default; at most 1,500 points.")
  static let group = Parameter<EndpointGroup?>.word("group", "template by default: ids in paths become `{id}` there.")
  static let grain = Parameter<IntakeGrain?>.word(
    "interval",
    "hour by default, or day (UTC), of which those that the span only touches are taken whole, and which outlive the hours."
  )
  static let limit = Parameter<Int>.limit(upTo: 500)
  static let rank = Parameter<TrafficRank?>("cursor", .string, note: cursorNote) { parameters in
    try parameters.cursor(Int64.self, Int64.self).map { TrafficRank(calls: $0, hash: $1) }
  }
  private static let cursorNote = "`next_cursor` of the page before."

  static let summaryShape = Shape<SpanAnswer<TrafficSummary>>.traffic(
    TrafficShapes.numbers.extended(
      from: { (answer: SpanAnswer<TrafficSummary>) in answer.content.numbers },
      [
        statuses { $0.content.numbers },
        .list("top_endpoints", of: TrafficShapes.endpoint, "At most five.") { $0.content.topEndpoints },
        .optional("top_endpoints_counted", countedApart, countedApartNote) { $0.content.top },
        .optional("comparison", comparedSummary, ComparisonShapes.comparedNote) { $0.compared(\.comparison) },
      ]
    ).fields)

  private static let countedApart = Shape<TrafficSummary.CountedApart>(
    ComparisonShapes.coverage { $0.coverage } + [.asOf { $0.asOf }])
  private static let countedApartNote =
    "How far the endpoints were counted, where that is not as far as the numbers, which are known of a consumer, a release and a key alone."

  private static let comparedSummary = ComparisonShapes.comparison(
    TrafficShapes.numbers.extended(
      from: { (other: ComparedAnswer<TrafficNumbers>) in other.content }, [statuses { $0.content }]
    ).fields)

  private static func statuses<Value>(_ get: @escaping @Sendable (Value) -> TrafficNumbers) -> Field<Value> {
    .list("statuses", of: TrafficShapes.status, "How many were answered with each status.") { get($0).statuses }
  }

  static let seriesShape = Shape<SpanAnswer<TrafficSeries>>.traffic([
    .word("interval") { $0.content.interval }, .text("time_zone") { $0.content.zone },
    .list("points", of: TrafficShapes.point) { $0.content.chart.points },
    .optional("comparison", comparedSeries, ComparisonShapes.comparedNote) { $0.compared(\.chart.others) },
  ])

  private static let comparedSeries = ComparisonShapes.comparison([
    Field<ComparedAnswer<[TrafficChart.ComparedPoint]>>.list("points", of: comparedPoint) { $0.content }
  ])

  private static let comparedPoint = TrafficShapes.point.extended(
    from: { (compared: TrafficChart.ComparedPoint) in compared.point },
    [
      .optionalTime("against", "The `time` of the point that it stands beside; null where it stands beside none.") {
        $0.against
      }
    ])

  static let endpointsShape = Shape<SpanAnswer<Ranking>>.traffic([
    Field(
      "endpoints", .array(of: .oneOf([TrafficShapes.endpoint.schema, TrafficShapes.path.schema])),
      note: "By template with its numbers, or by path.",
      components: TrafficShapes.endpoint.components.merging(TrafficShapes.path.components) { $1 }
    ) { .array($0.content.entries) },
    .nextCursor { $0.content.next.map { Cursor($0.calls, $0.hash) } }, ComparisonShapes.comparison(),
  ])

  static let intakeShape = Shape<SpanAnswer<IntakeSeries>>.span([
    .word("interval") { $0.content.grain },
    .optionalList("hours", of: hour, "By hour, when `interval` is hour.") { $0.content.hours },
    .optionalList("days", of: day, "By day, when `interval` is day.") { $0.content.days },
  ])

  private static let hour = TrafficShapes.intake.extended(
    from: { (hour: HourIntake) in hour.counts }, [.time("hour") { $0.hour }])
  private static let day = TrafficShapes.intake.extended(
    from: { (day: DayIntake) in day.counts }, [.time("day") { $0.day }])
}

extension Parameter where Value == KeyMode? {
  /// Which events are asked about.
  static var mode: Self {
    .word("mode", "The key's own mode by default, live for a member. A key reads its own mode alone.")
  }
}

extension Parameter where Value == Instant? {
  /// Where the span asked about begins.
  static var from: Self {
    .time("from", "Inclusive; the start of this month by default. From 1970 to 9999, like all times.")
  }

  /// Where it ends.
  static var to: Self {
    .time("to", "Exclusive; the end of this month by default. From 1970 to 9999, like all times.")
  }
}

/// What endpoints are told apart by.
enum EndpointGroup: String, CaseIterable, Sendable {
  case template, path
}

/// By what receipts are counted.
enum IntakeGrain: String, CaseIterable, Sendable {
  case hour, day
}

/// Points, and how far apart they are.
struct TrafficSeries: Sendable {
  let interval: LocalCalendar.Unit
  /// Whose intervals they are.
  let zone: String
  let chart: TrafficChart
}

/// A page of what was called most.
enum Ranking: Sendable {
  case endpoints(Page<EndpointTraffic, TrafficRank>)
  case paths(Page<PathTraffic, TrafficRank>)

  fileprivate var entries: [JSONValue] {
    switch self {
    case .endpoints(let page): page.entries.map(TrafficShapes.endpoint.json)
    case .paths(let page): page.entries.map(TrafficShapes.path.json)
    }
  }

  /// After which the next page begins.
  var next: TrafficRank? {
    switch self {
    case .endpoints(let page): page.next
    case .paths(let page): page.next
    }
  }
}

/// What became of what was sent.
enum IntakeSeries: Sendable {
  case byHour([HourIntake])
  case byDay([DayIntake])

  fileprivate var grain: IntakeGrain {
    switch self {
    case .byHour: .hour
    case .byDay: .day
    }
  }

  fileprivate var hours: [HourIntake]? { if case .byHour(let hours) = self { hours } else { nil } }
  fileprivate var days: [DayIntake]? { if case .byDay(let days) = self { days } else { nil } }
}
