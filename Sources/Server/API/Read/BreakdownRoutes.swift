import Application
import Hummingbird

/// A project's traffic by who called, by release and by key.
struct BreakdownRoutes: Sendable {
  let traffic: TrafficReads
  let spans: SpanReader

  func add(to operations: inout Operations) {
    operations.add(.consumers) { try await answer($0, by: .consumer, in: Self.consumersShape) }
    operations.add(.releases) { try await answer($0, by: .release, in: Self.releasesShape) }
    operations.add(.trafficByKey) { try await answer($0, by: .key, in: Self.keysShape) }
  }

  private func answer(
    _ call: Call, by label: TrafficLabel, in shape: Shape<SpanAnswer<Page<NamedTraffic, TrafficRank>>>
  ) async throws -> Response {
    try await answer(of: spans.span(call), call, by: label).response(to: call, in: shape)
  }

  /// For whoever may read the span's project.
  func answer(
    of span: TrafficSpan, _ call: Call, by label: TrafficLabel
  ) async throws -> SpanAnswer<Page<NamedTraffic, TrafficRank>> {
    let (terms, rank, limit) = (try TrafficTerms(call), try call(ReadRoutes.rank), try call(ReadRoutes.limit))
    let page = try await traffic.answer(call, of: span.account, terms) { questions in
      try await questions.traffic(by: label, span, terms, after: rank, limit: limit)
    }
    return SpanAnswer(span: span, answered: page)
  }
}
