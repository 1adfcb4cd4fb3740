import Application
import Domain

/// What the API answers about a project's numbers, for pages: the same questions with the same parameters, so that no page can show another number.
struct ProjectNumbers: Sendable {
  let read: ReadRoutes
  let breakdown: BreakdownRoutes
  let latency: LatencyRoutes
  let explain: ExplainRoutes

  func summary(_ asked: TrafficAsked) async throws -> SpanAnswer<TrafficSummary> {
    try await read.summary(of: asked.span, asked.apiCall(.summary, asked.apiPlace("summary", asked.terms)))
  }

  func series(_ asked: TrafficAsked) async throws -> SpanAnswer<TrafficSeries> {
    let place = asked.apiPlace("timeseries", asked.terms + [("interval", asked.interval.rawValue)])
    return try await read.series(of: asked.span, asked.apiCall(.timeseries, place))
  }

  func endpoints(_ asked: TrafficAsked, limit: Int, after cursor: String?) async throws -> SpanAnswer<Ranking> {
    let place = asked.apiPlace("endpoints", asked.terms + [("limit", String(limit)), ("cursor", cursor)])
    return try await read.endpoints(of: asked.span, asked.apiCall(.endpoints, place))
  }

  func named(
    _ table: TrafficAddress.Table, _ asked: TrafficAsked, limit: Int, after cursor: String?
  ) async throws -> SpanAnswer<Page<NamedTraffic, TrafficRank>> {
    let isOfConsumers = table == .consumers
    let place = asked.apiPlace(table.rawValue, asked.terms + [("limit", String(limit)), ("cursor", cursor)])
    return try await breakdown.answer(
      of: asked.span, asked.apiCall(isOfConsumers ? .consumers : .releases, place),
      by: isOfConsumers ? .consumer : .release)
  }

  func requests(_ asked: TrafficAsked, limit: Int, after cursor: String?) async throws -> SpanAnswer<RequestPage> {
    let place = asked.apiPlace(
      "requests", asked.address.filterFields + [("limit", String(limit)), ("cursor", cursor)])
    return try await read.requests(of: asked.span, asked.apiCall(.requests, place))
  }

  func histogram(_ asked: TrafficAsked) async throws -> SpanAnswer<LatencyAnswer> {
    let place = asked.apiPlace("latency", [("interval", asked.interval.rawValue), ("time_zone", asked.zone.name)])
    return try await latency.latency(of: asked.span, asked.apiCall(.latency, place))
  }
}
