import Application
import Domain
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

  private func operation(_ call: PageCall) async throws -> PageAnswer {
    let id = call.context.parameters.get("id") ?? ""
    guard let operation = site.operations.first(where: { $0.id == id }) else {
      throw Problem(.notFound, "there is no operation of this name: the index at /docs has them all")
    }
    let view = OperationView(operation, address: site.address, ids: try await ids(of: call, for: operation))
    return .page("docs/operation", title: operation.title, view, in: .docs)
  }

  /// Of the account that somebody who is logged in acts for, and its newest project, where a command of the operation names them.
  private func ids(of call: PageCall, for operation: Operation) async throws -> [String: String] {
    let named = operation.path + operation.query.all.map { "{\($0.name)}" }.joined()
    guard call.visitor != nil, named.contains("{account_id}") || named.contains("{project_id}"),
      let tenant = try await ownTenant(call)
    else { return [:] }
    let project = try await unlessMissing {
      try await site.tenancy.questions.projects(of: tenant.account.id, limit: 1).value.entries.first
    }
    let ids: [String: String?] = ["account_id": tenant.account.id.text, "project_id": project??.id.text]
    return ids.compactMapValues(\.self)
  }

  /// Nil of somebody who is in no account yet, and before anybody has built the directory.
  private func ownTenant(_ call: PageCall) async throws -> Tenant? {
    do { return try await unlessMissing { try await site.tenant(of: call) } } catch {
      guard Problem(error)?.kind == .accountNotFound else { throw error }
      return nil
    }
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
