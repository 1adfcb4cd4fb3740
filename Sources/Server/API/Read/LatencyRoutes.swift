import Application
import Domain
import Hummingbird

/// How long a project's requests took.
struct LatencyRoutes: Sendable {
  let questions: Questions
  let spans: SpanReader

  func add(to operations: inout Operations) { operations.add(.latency, latency) }

  private func latency(_ call: Call) async throws -> Response {
    try await latency(of: spans.span(call), call).response(to: call, in: LatencyShapes.latency)
  }

  /// For whoever may read the span's project.
  func latency(of span: TrafficSpan, _ call: Call) async throws -> SpanAnswer<LatencyAnswer> {
    let interval = try call(LatencyParameters.interval) ?? .day
    try interval.check(span.range, ReadParameters(call.request), atMost: LatencyParameters.maximumPoints)
    let zone = try call(.timeZone)
    let (percentiles, threshold) = (try call(LatencyParameters.percentiles), try call(LatencyParameters.apdex))
    let latency = try await questions.trafficLatency(span, by: interval, in: zone.calendar).map {
      LatencyAnswer(
        interval: interval, zone: zone.name, percentiles: percentiles, threshold: threshold, latency: $0)
    }
    return SpanAnswer(span: span, answered: latency)
  }
}
