import Application
import Domain
import Hummingbird

extension ReadRoutes {
  /// Single requests of a project, latest first.
  func requests(_ call: Call) async throws -> Response {
    .json(try await requests(of: spans.span(call), call), in: RequestShapes.page)
  }

  /// For whoever may read the span's project.
  func requests(of span: TrafficSpan, _ call: Call) async throws -> SpanAnswer<RequestPage> {
    let (filter, place, limit) = (try RequestFilter(call), try call(RequestParameters.place), try call(Self.limit))
    let page = try await expensive.search(for: span.account, call.context) {
      [questions = questions.over(expensive.log)] in
      try await questions.requests(span, filter, after: place, limit: limit)
    }
    return SpanAnswer(span: span, answered: page)
  }
}
