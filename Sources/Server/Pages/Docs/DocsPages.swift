import Hummingbird

/// The API, rendered from its operations: what is described is what is served.
struct DocsPages: Sendable {
  let site: Site

  func add(to pages: inout PageRoutes) {
    pages.get("/docs", for: .everybody, index)
    pages.get("/docs/{id}", for: .everybody, operation)
    pages.get("/docs/problems/{kind}", for: .everybody, problem)
  }

  private func index(_ call: PageCall) -> PageAnswer {
    .page("docs/index", title: "API", DocsIndexView(site.operations, sought: call.parameter("q")), in: .docs)
  }

  private func operation(_ call: PageCall) throws -> PageAnswer {
    let id = call.context.parameters.get("id") ?? ""
    guard let operation = site.operations.first(where: { $0.id == id }) else {
      throw Problem(.notFound, "there is no operation of this name: the index at /docs has them all")
    }
    return .page("docs/operation", title: operation.title, OperationView(operation, address: site.address), in: .docs)
  }

  private func problem(_ call: PageCall) throws -> PageAnswer {
    guard let kind = Problem.Kind(rawValue: call.context.parameters.get("kind") ?? "") else {
      throw Problem(.notFound, "there is no kind of problem of this name: a problem's `type` ends with its kind")
    }
    return .page("docs/problem", title: kind.title, ProblemKindView(kind, of: site.operations), in: .docs)
  }
}

extension Place {
  /// The documentation of an operation.
  static func docs(_ operation: Operation) -> Place { docs.appending(operation.id) }
  /// The documentation of a kind of problem.
  static func docs(_ kind: Problem.Kind) -> Place { docs.appending("problems").appending(kind.rawValue) }
}
