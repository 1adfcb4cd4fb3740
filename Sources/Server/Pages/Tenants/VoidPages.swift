import Application
import Domain
import EventLog
import Foundation
import Hummingbird

/// What was taken out of a project's numbers, and for an owner the way to take out more: a span is chosen, what a void of it would take is shown, and
/// the project's name is typed.
struct VoidPages: Sendable {
  let site: Site

  private var tenancy: Tenancy { site.tenancy }
  private static let pageLength = 50

  func add(to pages: inout PageRoutes) {
    pages.get("/projects/{project_id}/voids", for: .people) { call in
      try await show(call, SoughtVoid(call), nil, Form.empty)
    }
    pages.post("/projects/{project_id}/voids", for: .people, void)
  }

  private func show(
    _ call: PageCall, _ sought: SoughtVoid, _ complaint: Complaint?, _ form: Form
  ) async throws -> PageAnswer {
    let calendar = try call.person().calendar
    let (project, tenant) = try await site.homeOfProject(of: call, to: .readNumbers)
    let voids = try await tenancy.questions.voids(
      ofProject: project.id, in: tenant.account.id, before: call.voidPlace, limit: Self.pageLength)
    var complaint = complaint
    var (span, taken) = (nil as Voiding.Span?, nil as Voiding.Taken?)
    if !sought.isEmpty {
      _ = try await site.project(of: call, to: .manageBilling)
      do { span = try sought.span(in: calendar) } catch { complaint = complaint ?? Complaint(error) }
    }
    if let span {
      taken = try await site.expensive.answer(for: tenant.account.id, call.context) {
        try await command.preview(span, of: project.id, in: tenant.account.id)
      }
    }
    let preview = span.flatMap { span in
      taken.map { VoidPreviewView($0, span, form, complaint, once: call.drawn(site), in: calendar) }
    }
    let view = VoidsView(project, tenant, voids.value, sought, preview, complaint, in: calendar)
    return .page(
      "tenants/voids", title: "Voids of \(project.name)", view, status: complaint?.problem.kind.status ?? .ok,
      in: .projects)
  }

  /// The name is typed once more: there is no way back.
  private func void(_ call: PageCall) async throws -> PageAnswer {
    let (actor, form) = (try await call.actor(site), try await call.form())
    let (id, account) = try await site.project(of: call, to: .manageBilling)
    let sought = SoughtVoid(form)
    do {
      let span = try sought.span(in: try call.person().calendar)
      guard let project = try await tenancy.questions.project(id, of: account)?.value else {
        throw AccessError.noProject(id)
      }
      guard form.text("name") == project.name else {
        throw Complaint("name", "This is not the project's name: type it as it stands there.")
      }
      let void = IdempotencyKey(form.once).id(of: "void", in: id, by: actor.userID)
      let reason = form["reason"].trimmingCharacters(in: .whitespacesAndNewlines)
      _ = try await site.expensive.answer(for: account, call.context) {
        try await command(void, span, reason: reason, of: id, in: account, by: actor)
      }
      return .seeOther(.voids(of: id), saying: .requestsVoided)
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      return try await show(call, sought, complaint, form)
    }
  }

  private var command: VoidTelemetry { VoidTelemetry(log: site.expensive.log, changes: tenancy.changes) }
}

extension PageCall {
  /// Where the list goes on.
  fileprivate var voidPlace: Int64? { parameter("after").flatMap { Cursor.values(of: $0, as: Int64.self) } }
}
