import Application
import Domain
import Hummingbird

extension ReadRoutes {
  /// Single requests of a project, latest first.
  func requests(_ call: Call) async throws -> Response {
    let span = try await spans.span(call)
    let (filter, place, limit) = (try RequestFilter(call), try call(RequestParameters.place), try call(Self.limit))
    let page = try await expensive.search(for: span.account, call.context) {
      [questions = questions.over(expensive.log)] in
      try await questions.requests(span, filter, after: place, limit: limit)
    }
    return .json(SpanAnswer(span: span, answered: page), in: RequestShapes.page)
  }
}
