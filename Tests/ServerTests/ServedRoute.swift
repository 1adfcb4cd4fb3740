import HTTPTypes
import Hummingbird
import TestDatabase

@testable import Server

/// A method and a path that the server serves.
struct ServedRoute: Sendable, Hashable, CustomStringConvertible {
  let method: HTTPRequest.Method
  let path: String
  var description: String { "\(method.rawValue) \(path)" }
}

extension Service {
  /// What programs are served, and what people are: the API's operations, and pages with what these load.
  func served() throws -> (operations: [ServedRoute], pages: [ServedRoute]) {
    let operations = try RecountServer(log: test.log, projections: Self.projections, logger: Self.silent).operations()
    let known = Set(operations.all.map { ServedRoute(method: $0.method, path: $0.path) })
    let all = operations.router.routes.map { ServedRoute(method: $0.method, path: "\($0.path)") }
    return (all.filter(known.contains), all.filter { !known.contains($0) })
  }
}
