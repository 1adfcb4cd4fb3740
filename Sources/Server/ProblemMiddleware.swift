import HTTPTypes
import Hummingbird
import Logging

/// Gives every response its request id, and every error its problem document. The full error goes to the log under the same
/// id; only the response is redacted.
struct ProblemMiddleware: RouterMiddleware {
  func handle(
    _ request: Request, context: RecountContext, next: (Request, RecountContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch {
      response = problem(error, of: request, context: context).response(requestID: context.requestID)
    }
    response.headers[.requestID] = context.requestID
    return response
  }

  private func problem(_ error: any Error, of request: Request, context: RecountContext) -> Problem {
    let problem = Problem(error) ?? Problem(.internalError, "the error was logged under this request id")
    if problem.kind.status.code >= 500 {
      context.logger.error(
        "request failed",
        metadata: [
          "method": "\(request.method)", "path": "\(request.uri.path)", "error": "\(String(reflecting: error))",
        ])
    }
    return problem
  }
}
