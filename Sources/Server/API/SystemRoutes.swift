import Application
import Domain
import Hummingbird

/// What machines ask before anything else: is it alive, what does it serve, what does a problem mean.
struct SystemRoutes: Sendable {
  let questions: Questions

  /// Both change with the program alone: five minutes after an upgrade everybody has the new ones.
  private static let seconds = 300

  /// Comes last: the document describes what was added before, and these.
  func add(to operations: inout Operations) {
    operations.add(.health, health)
    operations.add(.problem, problem)
    let document = OpenAPIDocument(operations: operations.all + [.document])
    let answer = PublicAnswer(document.json, seconds: Self.seconds)
    operations.add(.document) { answer.response(to: $0.request) }
  }

  private func health(_ call: Call) async throws -> Response {
    try await questions.ping()
    return .json((), in: Self.health)
  }

  private func problem(_ call: Call) async throws -> Response {
    let text = call.context.parameters.get("kind") ?? ""
    guard let kind = Problem.Kind(rawValue: text) else {
      throw Problem(.notFound, "there is no kind of problem of this name: a problem's `type` ends with its kind")
    }
    return PublicAnswer(Self.problem.json(kind), seconds: Self.seconds).response(to: call.request)
  }
}
