import Application
import Domain

/// All that the page of a ``SharedView`` shows: no consumers and no single requests, which are not asked for. One after the other, as on the project's own
/// page.
struct SharedNumbers: Sendable {
  let summary: SpanAnswer<TrafficSummary>
  let series: SpanAnswer<TrafficSeries>
  let endpoints: EndpointList
  let releases: SpanAnswer<Page<NamedTraffic, TrafficRank>>
  let histogram: SpanAnswer<LatencyAnswer>?

  init(_ numbers: ProjectNumbers, _ asked: TrafficAsked) async throws {
    summary = try await numbers.summary(asked)
    series = try await numbers.series(asked)
    endpoints = try await EndpointList(numbers, asked)
    releases = try await numbers.named(.releases, asked, limit: EndpointList.length, after: nil)
    let showsTimes = asked.address.chart == .latency && asked.address.filters.isEmpty
    histogram = showsTimes ? try await numbers.histogram(asked) : nil
  }
}
