import Application
import Domain
import Foundation
import Hummingbird

/// What people noted of moments of a project.
struct AnnotationRoutes: Sendable {
  let tenancy: Tenancy

  func add(to operations: inout Operations) {
    operations.add(.annotations, list)
    operations.add(.annotate, annotate)
    operations.add(.removeAnnotation, remove)
  }

  private func list(_ call: Call) async throws -> Response {
    let (project, account) = try await tenancy.project(call, of: tenancy.person(call))
    let from = try call(Self.from) ?? Era.instants.lowerBound
    let to = try call(Self.to) ?? .distantFuture
    guard from <= to else {
      throw ReadParameters(call.request).invalid("from", from.description, allowed: "a time before `to`, \(to)")
    }
    let annotations = try await tenancy.questions.annotations(
      of: project, in: account, range: from..<to, after: call(.place), limit: call(Self.limit))
    return .json(annotations, in: Self.page)
  }

  private func annotate(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (project, account) = try await tenancy.project(call, of: actor.userID)
    let body = try await call.body()
    let id = try call.idempotencyKey?.id(of: "annotation", in: project, by: actor.userID) ?? tenancy.newID()
    let request = Project.AnnotationRequest(
      id: id, at: try body(Self.at), until: try body(Self.until), text: try body(Self.text))
    let (annotation, recorded) = try await tenancy.notes.add(request, to: project, in: account, by: actor)
    return .created(
      Changed(value: annotation, inEffect: await tenancy.settle(noted: recorded)), in: Self.added,
      at: "/api/v1/projects/\(project.text)/annotations")
  }

  private func remove(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (project, account) = try await tenancy.project(call, of: actor.userID)
    let annotation = try call.context.annotationID
    let recorded = try await tenancy.notes.removeAnnotation(annotation, of: project, in: account, by: actor)
    return .json(
      Changed(value: RemovedNote(project: project, id: annotation), inEffect: await tenancy.settle(noted: recorded)),
      in: Self.removed)
  }
}

/// What happened to a project, as charts mark it.
struct MarkRoutes: Sendable {
  let tenancy: Tenancy

  func add(to operations: inout Operations) { operations.add(.marks, list) }

  private func list(_ call: Call) async throws -> Response {
    let user = try await tenancy.person(call)
    let (project, account) = try await tenancy.project(call, of: user)
    let range = try ReadParameters(call.request).range(now: tenancy.clock.now)
    let span = TrafficSpan(project: project, of: account, mode: try call(Self.mode) ?? .live, range: range)
    let role = try await tenancy.access.role(of: user, in: account)
    let marks = try await tenancy.questions.marks(span)
    return .json(
      MarksAnswer(
        span: span, answered: marks.map { $0.seen { action in role.map { Permissions.allows($0, action) } ?? false } }),
      in: Self.list)
  }
}
