import HTTPTypes
import Hummingbird
import Logging

/// Gives every response its request id, and every error its problem document; answers OPTIONS, and what a path is not served with, from
/// the ``RouteTable``. The full error goes to the log under the same
/// id; only the response is redacted.
struct ProblemMiddleware: RouterMiddleware {
  let routes: RouteTable
  let pages: PageWriter

  func handle(
    _ request: Request, context: RecountContext, next: (Request, RecountContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch is ClientGone {
      // Nobody reads it, and nothing went wrong.
      response = Response(status: .requestTimeout)
    } catch {
      response = answer(error, to: request, context: context)
    }
    response.headers[.requestID] = context.requestID
    return response
  }

  private func answer(_ error: any Error, to request: Request, context: RecountContext) -> Response {
    if let allowed = methods(insteadOf: error, at: request) {
      if request.method == .options { return Response(status: .noContent, headers: [.allow: allowed]) }
      return Problem(
        .methodNotAllowed, "\(request.method) is not served at \(request.uri.path), only \(allowed)",
        headers: [.allow: allowed]
      ).response(requestID: context.requestID)
    }
    let problem = problem(error, of: request, context: context)
    return page(of: problem, to: request, context) ?? problem.response(requestID: context.requestID)
  }

  /// For people who came to a path that is not there, where programs get a document.
  private func page(of problem: Problem, to request: Request, _ context: RecountContext) -> Response? {
    guard problem.kind == .notFound, request.method == .get, !request.uri.path.hasPrefix("/api/"),
      request.headers[.accept]?.contains("text/html") == true
    else { return nil }
    let view = ProblemView(problem, requestID: context.requestID)
    return try? pages.response(
      to: request, of: nil, .page("frame/problem", title: view.title, view, status: problem.kind.status))
  }

  /// What a path is served with, where the method alone was not found there.
  private func methods(insteadOf error: any Error, at request: Request) -> String? {
    guard let error = error as? HTTPError, error.status == .notFound else { return nil }
    return routes.allowed(at: request.uri.path)
  }

  private func problem(_ error: any Error, of request: Request, context: RecountContext) -> Problem {
    let problem = Problem(error) ?? Problem(.internalError, "the error was logged under this request id")
    if problem.kind.status.code >= 500 {
      context.logger.error(
        "request failed",
        metadata: [
          "method": "\(request.method)", "path": "\(request.withoutSecret.uri.path)",
          "error": "\(String(reflecting: error))",
          "kind": "\(type(of: error)) \(problem.kind.rawValue)",
        ])
    }
    return problem
  }
}
