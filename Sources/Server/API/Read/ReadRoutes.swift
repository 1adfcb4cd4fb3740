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

  private var traffic: TrafficReads { TrafficReads(questions: questions, expensive: expensive) }

  private func summary(_ call: Call) async throws -> Response {
    try await summary(of: spans.span(call), call).response(to: call, in: Self.summaryShape)
  }

  /// For whoever may read the span's project.
  func summary(of span: TrafficSpan, _ call: Call) async throws -> SpanAnswer<TrafficSummary> {
    let terms = try TrafficTerms(call)
    let rows = try await questions.trafficSummaryOfRows(span, terms)
    let summary = try await traffic.answer(call, of: span.account, rows: rows) { questions in
      try await questions.trafficSummary(span, terms)
    }
    return SpanAnswer(span: span, answered: summary)
  }

  private func series(_ call: Call) async throws -> Response {
    try await series(of: spans.span(call), call).response(to: call, in: Self.seriesShape)
  }

  /// For whoever may read the span's project.
  func series(of span: TrafficSpan, _ call: Call) async throws -> SpanAnswer<TrafficSeries> {
    let interval = try call(Self.interval) ?? .day
    let terms = try TrafficTerms(call)
    for range in [span.range, terms.comparison?.other(than: span.range)].compactMap(\.self) {
      try interval.check(range, ReadParameters(call.request))
    }
    let zone = try call(.timeZone)
    let rows = try await questions.trafficChartOfRows(span, by: interval, in: zone.calendar, terms)
    let chart = try await traffic.answer(call, of: span.account, rows: rows) { questions in
      try await questions.trafficChart(span, by: interval, in: zone.calendar, terms)
    }
    let series = chart.map { TrafficSeries(interval: interval, zone: zone.name, chart: $0) }
    return SpanAnswer(span: span, answered: series)
  }

  private func endpoints(_ call: Call) async throws -> Response {
    try await endpoints(of: spans.span(call), call).response(to: call, in: Self.endpointsShape)
  }

  /// For whoever may read the span's project.
  func endpoints(of span: TrafficSpan, _ call: Call) async throws -> SpanAnswer<Ranking> {
    let (terms, rank, limit) = (try TrafficTerms(call), try call(Self.rank), try call(Self.limit))
    let group = try call(Self.group) ?? .template
    let ranking = try await traffic.answer(call, of: span.account, terms) { questions in
      switch group {
      case .template: try await questions.endpoints(span, terms, after: rank, limit: limit).map(Ranking.endpoints)
      case .path: try await questions.paths(span, terms, after: rank, limit: limit).map(Ranking.paths)
      }
    }
    return SpanAnswer(span: span, answered: ranking)
  }

  private func intake(_ call: Call) async throws -> Response {
    .json(try await intake(of: spans.span(call), call), in: Self.intakeShape)
  }

  /// For whoever may read the span's project.
  func intake(of span: TrafficSpan, _ call: Call) async throws -> SpanAnswer<IntakeSeries> {
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
    return SpanAnswer(span: span, answered: series)
  }
}

extension Response {
  static func json(_ document: JSONValue) -> Response {
    Response(
      status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(bytes: document.bytes)))
  }
}
