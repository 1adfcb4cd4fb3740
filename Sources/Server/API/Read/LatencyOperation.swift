import Application
import Domain
import Foundation
import HTTPTypes

extension Operation {
  static let latency = Operation(
    .get, "/api/v1/projects/{project_id}/latency", id: "latency", .numbers,
    "How long a project's requests took: histograms over time, any percentile, Apdex",
    note: """
      A histogram per interval of a time zone, as a heat map shows them, quiet intervals included; percentiles and Apdex are over the whole \
      span. All of it is of requests that have a response time.
      """, right: .memberOrKey(.readNumbers, .read),
    query: QueryParameters(
      .mode, .from, .to, LatencyParameters.interval, .timeZone, LatencyParameters.percentiles, LatencyParameters.apdex),
    answer: .span(LatencyShapes.latency, "A point per interval, and what is asked of all together."))
}

/// What histograms are asked for by.
enum LatencyParameters {
  /// A month of hours, or two years of days. A point has some 400 buckets at most, and a hundred or so as a rule.
  static let maximumPoints = 750

  static let interval = Parameter<LocalCalendar.Unit?>.word(
    "interval", "day by default; at most \(maximumPoints) points.")

  private static let most = 32
  private static let share = "(100([.]0{1,3})?|[0-9]{1,2}([.][0-9]{1,3})?)"
  static let percentiles = Parameter<[Percentile]>(
    "percentile", .pattern("^\(share)(,\(share)){0,\(most - 1)}$"),
    note:
      "One or several, between commas, such as 50,90,99.9: 0 to 100, with up to three decimals. 50,95,99 by default."
  ) { parameters in
    guard let given = try parameters.text("percentile") else { return [.p50, .p95, .p99] }
    let texts = given.split(separator: ",", omittingEmptySubsequences: false)
    let shares = texts.compactMap { Percentile($0) }
    guard shares.count == texts.count, shares.count <= most else {
      throw parameters.invalid(
        "percentile", given,
        allowed: "up to \(most) numbers from 0 to 100, of up to three decimals, between commas, such as 50,90,99.9")
    }
    return shares
  }

  /// The whole of what a request may take, but for what is too fast to be told apart.
  private static let thresholds: ClosedRange<Int64> = 10_000...3_600_000_000_000

  static let apdex = Parameter<Int64?>(
    "apdex_ms", .pattern("^[0-9]{1,7}([.][0-9]{1,6})?$"),
    note: """
      A threshold T in milliseconds, 0.01 to 3600000: asks for Apdex. Who waited T at most is satisfied, 4 T at most tolerating, longer \
      frustrated. A bucket that holds T, or 4 T, lies on the side of its geometric middle as a whole, so each border is off by at most 2.5 %.
      """
  ) { parameters in
    guard let given = try parameters.text("apdex_ms") else { return nil }
    guard let time = RequestFilter.nanoseconds(ofMilliseconds: given), thresholds.contains(time) else {
      throw parameters.invalid("apdex_ms", given, allowed: "milliseconds from 0.01 to 3600000, of up to six decimals")
    }
    return time
  }
}

/// What was asked of a span's response times.
struct LatencyAnswer: Sendable {
  let interval: LocalCalendar.Unit
  /// Whose intervals they are.
  let zone: String
  let percentiles: [Percentile]
  /// In nanoseconds; nil: Apdex was not asked for.
  let threshold: Int64?
  let latency: TrafficLatency

  /// The percentiles asked for, and what they are.
  fileprivate var shares: [(share: Percentile, time: String?)] {
    percentiles.map { ($0, latency.numbers.percentile($0)) }
  }

  fileprivate var apdex: Apdex? { threshold.map { latency.numbers.apdex(threshold: $0) } }
}

/// How histograms are shown.
enum LatencyShapes {
  static let latency = Shape<SpanAnswer<LatencyAnswer>>.span([
    .word("interval") { $0.content.interval }, .text("time_zone") { $0.content.zone },
    .list("points", of: point) { $0.content.latency.points },
    .integer("timed_calls", "Of the whole span: requests that have a response time.") {
      $0.content.latency.numbers.timedCalls
    },
    .list("percentiles", of: share, "Of the whole span, as asked for.") { $0.content.shares },
    .optional("apdex", apdex, "Of the whole span, where `apdex_ms` asks for it.") { $0.content.apdex },
  ])

  private static let point = Shape<TrafficPoint>([
    .time("time", "Where the interval begins.") { $0.time },
    .integer("timed_calls", "The sum of its buckets.") { $0.numbers.timedCalls },
    Field(
      "buckets", .array(of: .array(of: Schema.number.orNull, atLeast: 3, atMost: 3)),
      note: """
        [lower_ms, upper_ms, calls] of each bucket that is not empty, fastest first: so many requests took lower_ms or longer, but less \
        than upper_ms. Counts and bounds are exact; bounds grow by 5 %, from 0.01 ms on, and are the same in every answer.
        """
    ) { .array($0.numbers.buckets.map(bucket)) },
  ])

  private static func bucket(_ bucket: TrafficBucket) -> JSONValue {
    .array([.number(bucket.lower), bucket.upper.map { .number($0) } ?? .null, .integer(Int(bucket.calls))])
  }

  private static let share = Shape<(share: Percentile, time: String?)>([
    Field("percentile", .number) { .number($0.share.description) },
    .decimal("response_time_ms", "Within 2.5 % of the exact percentile; null without times.") { $0.time },
  ])

  private static let apdex = Shape<Apdex>(
    "Apdex",
    note: """
      Apdex Technical Specification 1.1. Samples are requests that have a response time, failed ones included: a histogram doesn't tell \
      statuses apart, so an error that came fast satisfies.
      """,
    [
      .decimal("threshold_ms", "T.") { $0.thresholdMilliseconds },
      .decimal(
        "score", "(satisfied + tolerating / 2) / (satisfied + tolerating + frustrated), 0 to 1; null without samples."
      ) {
        Share.of(2 * $0.satisfied + $0.tolerating, in: 2 * $0.samples)
      },
      .integer("satisfied", "Took T at most.") { $0.satisfied },
      .integer("tolerating", "Took longer, but 4 T at most.") { $0.tolerating },
      .integer("frustrated", "Took longer than 4 T.") { $0.frustrated },
    ])
}
