import Application
import Domain
import HTTPTypes
import Hummingbird

/// What a project's dashboard asks, answered from read models for a key of the same account, or a member of it, only.
struct ReadRoutes: Sendable {
  let questions: Questions
  let spans: SpanReader
  let expensive: ExpensiveReads

  func add(to operations: inout Operations) {
    operations.add(.summary, summary)
    operations.add(.timeseries, series)
    operations.add(.endpoints, endpoints)
    operations.add(.requests, requests)
    operations.add(.intake, intake)
  }

  private func summary(_ call: Call) async throws -> Response {
    let span = try await spans.span(call)
    let summary = SpanAnswer(span: span, answered: try await questions.trafficSummary(span))
    return summary.response(to: call, in: Self.summaryShape)
  }

  private func series(_ call: Call) async throws -> Response {
    let span = try await spans.span(call)
    let interval = try call(Self.interval) ?? .day
    try interval.check(span.range, ReadParameters(call.request))
    let zone = try call(.timeZone)
    let points = try await questions.trafficSeries(span, by: interval, in: zone.calendar)
    let series = points.map { TrafficSeries(interval: interval, zone: zone.name, points: $0) }
    return SpanAnswer(span: span, answered: series).response(to: call, in: Self.seriesShape)
  }

  private func endpoints(_ call: Call) async throws -> Response {
    let span = try await spans.span(call)
    let (rank, limit) = (try call(Self.rank), try call(Self.limit))
    let ranking =
      switch try call(Self.group) ?? .template {
      case .template: try await questions.endpoints(span, after: rank, limit: limit).map(Ranking.endpoints)
      case .path: try await questions.paths(span, after: rank, limit: limit).map(Ranking.paths)
      }
    return SpanAnswer(span: span, answered: ranking).response(to: call, in: Self.endpointsShape)
  }

  private func intake(_ call: Call) async throws -> Response {
    let span = try await spans.span(call)
    let series =
      switch try call(Self.grain) ?? .hour {
      case .hour:
        try await questions.intakeByHour(
          ofProject: span.project, in: span.account, mode: span.mode, range: span.range
        ).map(IntakeSeries.byHour)
      case .day:
        try await questions.intakeByDay(
          ofProject: span.project, in: span.account, mode: span.mode, range: span.range
        ).map(IntakeSeries.byDay)
      }
    return .json(SpanAnswer(span: span, answered: series), in: Self.intakeShape)
  }
}

extension Response {
  static func json(_ members: [String: JSONValue]) -> Response {
    Response(
      status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(bytes: JSONValue.object(members).bytes)))
  }
}
