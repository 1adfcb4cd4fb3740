import HTTPTypes
import Hummingbird
import Logging

/// Gives every response its request id, and every error its problem document. The full error goes to the log under the same
/// id; only the response is redacted.
struct ProblemMiddleware: RouterMiddleware {
  let routes: RouteTable

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
      response = problem(error, of: request, context: context).response(requestID: context.requestID)
    }
    response.headers[.requestID] = context.requestID
    return response
  }

  private func problem(_ error: any Error, of request: Request, context: RecountContext) -> Problem {
    if let wrongMethod = wrongMethod(error, of: request) { return wrongMethod }
    let problem = Problem(error) ?? Problem(.internalError, "the error was logged under this request id")
    if problem.kind.status.code >= 500 {
      context.logger.error(
        "request failed",
        metadata: [
          "method": "\(request.method)", "path": "\(request.uri.path)", "error": "\(String(reflecting: error))",
          "kind": "\(type(of: error)) \(problem.kind.rawValue)",
        ])
    }
    return problem
  }

  private func wrongMethod(_ error: any Error, of request: Request) -> Problem? {
    guard let error = error as? HTTPError, error.status == .notFound else { return nil }
    let methods = routes.methods(at: request.uri.path)
    guard !methods.isEmpty else { return nil }
    let allowed = methods.joined(separator: ", ")
    return Problem(
      .methodNotAllowed, "\(request.method) is not served at \(request.uri.path), only \(allowed)",
      headers: [.allow: allowed])
  }
}
