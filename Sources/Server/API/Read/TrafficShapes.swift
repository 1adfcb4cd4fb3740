import Application
import Domain

/// How traffic is shown.
enum TrafficShapes {
  static let numbers = Shape<TrafficNumbers>([
    .integer("total_calls") { $0.calls }, .integer("errors_4xx") { $0.errors4xx },
    .integer("errors_5xx") { $0.errors5xx },
    .decimal("error_rate_4xx", "errors_4xx / total_calls, 0 to 1; null without calls.") {
      Share.of($0.errors4xx, in: $0.calls)
    },
    .decimal("error_rate_5xx", "errors_5xx / total_calls, 0 to 1; null without calls.") {
      Share.of($0.errors5xx, in: $0.calls)
    },
    .integer("timed_calls", "Those that have a response time, over which the mean and the percentiles are.") {
      $0.timedCalls
    },
    .decimal("average_response_time_ms", "Exact mean, in milliseconds, rounded at its ninth decimal.") {
      $0.averageResponseTime
    },
    .decimal("p50_response_time_ms", "Within 2.5 % of the exact percentile, like the others.") { $0.p50 },
    .decimal("p95_response_time_ms") { $0.p95 }, .decimal("p99_response_time_ms") { $0.p99 },
    .decimal("max_response_time_ms", "Exact.") { $0.longestResponseTime },
  ])

  static let status = Shape<Tally.Entry>([
    .integer("status_code") { $0.number }, .integer("calls") { $0.count },
  ])

  static let templateNote = "The path, with `{id}` for the ids in it and `?{query}` for a query string."

  static let endpoint = numbers.extended(
    "Endpoint", from: { (endpoint: EndpointTraffic) in endpoint.numbers },
    [
      .optionalText("method", restNote) { $0.method },
      .optionalText("template", templateNote + restNote) { $0.template },
      ComparisonShapes.counterpart(numbers) { $0.counterpart },
    ])

  private static let restNote =
    " null of all those together that came after a day had as many as it may have: they are found among the requests."

  static let path = Shape<PathTraffic>(
    "Path",
    [
      .optionalText("method", restNote) { $0.method },
      .optionalText("path", "As it was called, without its query string." + restNote) { $0.path },
      .integer("total_calls") { $0.calls },
      ComparisonShapes.counterpart(Shape<TrafficNumbers>([.integer("total_calls") { $0.calls }])) { $0.counterpart },
    ])

  static let point = numbers.extended(
    from: { (point: TrafficPoint) in point.numbers }, [.time("time", "Where the interval begins.") { $0.time }])

  static let intake = Shape<IntakeCounts>([
    .integer("received") { $0.received }, .integer("accepted") { $0.accepted },
    .integer("duplicates") { $0.duplicates }, .integer("refused") { $0.refused }, .integer("invalid") { $0.invalid },
    .integer(
      "throttled",
      "Calls turned away unread, for coming too fast: no part of `received`, for nobody knows how many events they held."
    ) { $0.throttled },
    .list("refused_reasons", of: IntakeShapes.refusal, "Add up to `refused`.") { $0.refusedReasons },
    .list("invalid_reasons", of: IntakeShapes.invalidity, "Add up to `invalid`.") { $0.invalidReasons },
  ])
}
