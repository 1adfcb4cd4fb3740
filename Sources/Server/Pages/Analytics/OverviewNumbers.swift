import Application
import Domain

/// All that the page of a project's traffic shows. Asked one after the other: under a filter each may take the log, which one at a time reads, and what is remembered takes no time.
struct OverviewNumbers: Sendable {
  let summary: SpanAnswer<TrafficSummary>
  let series: SpanAnswer<TrafficSeries>
  let endpoints: EndpointList
  let consumers, releases: SpanAnswer<Page<NamedTraffic, TrafficRank>>
  let requests: SpanAnswer<RequestPage>
  let histogram: SpanAnswer<LatencyAnswer>?
  let quiet: QuietEndpoints?

  /// Whether all of it is told, so that it is the same when it is asked again.
  var isWhole: Bool {
    let numbers = [summary.isWhole && summary.content.top == nil, series.isWhole, histogram?.isWhole ?? true]
    let lists = [endpoints.isWhole, consumers.isWhole, releases.isWhole, requests.content.stop == nil]
    return (numbers + lists).allSatisfy(\.self)
  }

  /// The beginning of each table.
  static let length = 10
  static let latest = 10

  init(_ numbers: ProjectNumbers, _ asked: TrafficAsked) async throws {
    summary = try await numbers.summary(asked)
    series = try await numbers.series(asked)
    endpoints = try await EndpointList(numbers, asked, limit: Self.length)
    consumers = try await numbers.named(.consumers, asked, limit: Self.length, after: nil)
    releases = try await numbers.named(.releases, asked, limit: Self.length, after: nil)
    requests = try await numbers.requests(asked, limit: Self.latest, after: nil)
    let showsTimes = asked.address.chart == .latency && asked.address.filters.isEmpty
    histogram = showsTimes ? try await numbers.histogram(asked) : nil
    quiet = try await QuietEndpoints(numbers, asked, detailFrom: summary.answered.detailFrom)
  }
}
