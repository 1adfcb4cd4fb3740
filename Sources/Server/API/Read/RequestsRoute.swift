import Application
import Domain
import Hummingbird

extension ReadRoutes {
  /// Single requests of a project, latest first.
  func requests(_ call: Call) async throws -> Response {
    let span = try await spans.span(call)
    let (filter, place, limit) = (try Self.filter(call), try call(RequestParameters.place), try call(Self.limit))
    let page = try await expensive.search(for: span.account, call.context) {
      [questions = questions.over(expensive.log)] in
      try await questions.requests(span, filter, after: place, limit: limit)
    }
    return .json(SpanAnswer(span: span, answered: page), in: RequestShapes.page)
  }

  private static func filter(_ call: Call) throws -> RequestFilter {
    var filter = RequestFilter()
    filter.endpoint = try call(RequestParameters.endpoint)
    filter.template = try call(RequestParameters.template)
    filter.path = try call(RequestParameters.path)
    filter.method = try call(RequestParameters.method).map { TrackedMethod(rawValue: $0)?.rawValue ?? $0 }
    filter.status = try call(RequestParameters.status)
    filter.key = try call(RequestParameters.key)
    filter.consumer = try call(RequestParameters.consumer)
    filter.release = try call(RequestParameters.release)
    filter.atLeast = try call(RequestParameters.atLeast)
    filter.atMost = try call(RequestParameters.atMost)
    if let least = filter.atLeast, let most = filter.atMost, least > most {
      let parameters = ReadParameters(call.request)
      throw parameters.invalid("min_ms", try parameters.text("min_ms") ?? "", allowed: "at most max_ms")
    }
    return filter
  }
}
