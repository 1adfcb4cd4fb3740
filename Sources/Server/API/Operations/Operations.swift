import HTTPTypes
import Hummingbird
import Logging

/// What the server serves, in the making: each operation with what does it.
struct Operations {
  private(set) var all: [Operation] = []
  let router: Router<RecountContext>

  init(router: Router<RecountContext>) { self.router = router }

  /// Serves an operation.
  mutating func add(_ operation: Operation, _ handler: @escaping @Sendable (Call) async throws -> Response) {
    all.append(operation)
    // Once, not for each call that is turned away: those may be many.
    let kinds = operation.kinds
    router.on(RouterPath(operation.path), method: operation.method) { request, context in
      let call = Call(operation: operation, request: request, context: context)
      do {
        try call.refuseUnknownParameters()
        let response = try await handler(call)
        operation.check(response.status, among: kinds, context.logger)
        return response
      } catch {
        operation.check(error, among: kinds, context.logger)
        throw error
      }
    }
  }
}

extension Operation {
  /// A log line of this text tells that an operation answered what it does not declare; tests fail on it.
  static let undeclared = "an operation answered what it does not declare"

  /// What the document says of all together: where a request is no HTTP, or comes too slowly, its connection ends with that answer.
  private static let ofAnyRequest: Set<Problem.Kind> = [
    .malformedRequest, .requestTimeout, .headersTooLarge, .notImplemented,
  ]

  fileprivate func check(_ error: any Error, among kinds: Set<Problem.Kind>, _ logger: Logger) {
    guard !(error is ClientGone), !(error is CancellationError) else { return }
    let kind = Problem(error)?.kind ?? .internalError
    guard !kinds.contains(kind), !Self.ofAnyRequest.contains(kind) else { return }
    logger.error("\(Self.undeclared)", metadata: ["operation": "\(id)", "kind": "\(kind.rawValue)"])
  }

  fileprivate func check(_ status: HTTPResponse.Status, among kinds: Set<Problem.Kind>, _ logger: Logger) {
    let isDeclared =
      status == answer.status || status == .notModified
      || kinds.union(Self.ofAnyRequest).contains { $0.status == status }
    guard !isDeclared else { return }
    logger.error("\(Self.undeclared)", metadata: ["operation": "\(id)", "status": "\(status.code)"])
  }
}
