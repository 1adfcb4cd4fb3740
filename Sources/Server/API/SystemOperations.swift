import Domain
import HTTPTypes

/// What machines ask before anything else.
extension Operation {
  static let health = Operation(
    .get, "/healthz", id: "healthz", .system, "Can it record events now?",
    note: "Asks the database: a server that can't record anything must not be sent traffic.", right: .nobody,
    answer: OperationAnswer(SystemRoutes.health, "Yes."))

  static let document = Operation(
    .get, "/openapi.json", id: "openapi", .system, "This document",
    note: "All that is served, made of what the server itself goes by. It changes with the program alone.",
    right: .nobody,
    answer: OperationAnswer(
      .ok, "OpenAPI 3.1.", content: ["application/json": Schema(["type": "object"])], headers: ["ETag": "ETag"]))

  static let problem = Operation(
    .get, "/problems/{kind}", id: "problem", .system, "A kind of problem",
    note: "What the `Link` of every problem document leads to. Its `kind` is the last part of the problem's `type`.",
    right: .nobody, answer: OperationAnswer(SystemRoutes.problem, "The kind.", headers: ["ETag": "ETag"]),
    problems: [.notFound])
}

extension SystemRoutes {
  static let health = Shape<Void>([Field("status", .constant("ok")) { _ in "ok" }])

  static let problem = Shape<Problem.Kind>([
    Field("type", .format("uri"), note: "Stable: clients switch on it.") { .string($0.type) },
    .text("title", "The same for every occurrence.") { $0.title },
    .integer("status", "The HTTP status of its answers.") { $0.status.code },
  ])
}
