import Application
import Domain
import EventLog
import Foundation
import Hummingbird

/// Voids: spans of a project's requests that an owner took out of its numbers.
struct VoidRoutes: Sendable {
  let tenancy: Tenancy
  let expensive: ExpensiveReads

  func add(to operations: inout Operations) {
    operations.add(.voids, list)
    operations.add(.voidTelemetry, void)
    operations.add(.previewVoid, preview)
  }

  private func list(_ call: Call) async throws -> Response {
    let (project, account) = try await tenancy.project(call, of: tenancy.person(call))
    let voids = try await tenancy.questions.voids(
      ofProject: project, in: account, before: call(Self.place), limit: call(Self.limit))
    return .json(voids, in: Self.page)
  }

  /// Reads the log, so only whoever may void may ask.
  private func preview(_ call: Call) async throws -> Response {
    let (project, account) = try await tenancy.project(call, of: tenancy.person(call))
    let (from, to) = (try call(Self.from), try call(Self.to))
    guard from < to else {
      throw ReadParameters(call.request).invalid("from", "no span", allowed: "a time before `to`")
    }
    let span = Voiding.Span(mode: try call(Self.mode) ?? .live, from: from, to: to)
    let taken = try await expensive.answer(for: account, call.context) {
      try await command.preview(span, of: project, in: account)
    }
    return .json(VoidPreview(project: project, span: span, taken: taken), in: Self.previewShape)
  }

  private func void(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (project, account) = try await tenancy.project(call, of: actor.userID)
    let body = try await call.body()
    let span = Voiding.Span(
      mode: try body(Self.kind) ?? .live, from: try body(Self.first), to: try body(Self.end))
    var random = SystemRandomNumberGenerator()
    let id =
      try call.idempotencyKey?.id(of: "void", in: project, by: actor.userID)
      ?? .v7(at: tenancy.clock.now, using: &random)
    let reason = try body(Self.reason)
    let void = try await expensive.answer(for: account, call.context) {
      try await command(id, span, reason: reason, of: project, in: account, by: actor)
    }
    return .created(void, in: Self.made, at: "/api/v1/projects/\(project.text)/voids")
  }

  private var command: VoidTelemetry { VoidTelemetry(log: expensive.log, changes: tenancy.changes) }
}
