import Hummingbird

/// Another middleware, for all calls but those of the fast way in: those are many, and what is measured of each would be felt. How many
/// there were, the log and the tallies say exactly.
struct AllButTracked<Inner: RouterMiddleware>: RouterMiddleware where Inner.Context == RecountContext {
  private let inner: Inner

  init(_ inner: Inner) { self.inner = inner }

  func handle(
    _ request: Request, context: RecountContext, next: (Request, RecountContext) async throws -> Response
  ) async throws -> Response {
    guard request.uri.path != Operation.track.path else { return try await next(request, context) }
    // A trace tells the path, which for a shared link is as good as the link.
    return try await inner.handle(request.withoutSecret, context: context) { try await next(request, $1) }
  }
}
