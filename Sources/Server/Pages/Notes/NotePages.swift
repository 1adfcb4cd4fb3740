import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The forms of a project's page by which views are saved and annotations are added, and both removed. Each leads back to where it was sent from.
struct NotePages: Sendable {
  let site: Site

  private var tenancy: Tenancy { site.tenancy }

  func add(to pages: inout PageRoutes) {
    pages.post("/projects/{project_id}/views", for: .people) { call in
      try await change(call, .view, saying: .saved, save)
    }
    pages.post("/projects/{project_id}/views/{view_id}/remove", for: .people) { call in
      try await change(call, .view, saying: .removed) { call, _, note in
        let view = try call.context.viewID
        return try await tenancy.notes.removeView(view, of: note.project, in: note.account, by: note.actor)
      }
    }
    pages.post("/projects/{project_id}/annotations", for: .people) { call in
      try await change(call, .annotation, saying: .saved, annotate)
    }
    pages.post("/projects/{project_id}/annotations/{annotation_id}/remove", for: .people) { call in
      try await change(call, .annotation, saying: .removed) { call, _, note in
        let annotation = try call.context.annotationID
        return try await tenancy.notes.removeAnnotation(annotation, of: note.project, in: note.account, by: note.actor)
      }
    }
  }

  /// Whose note it is, and what is shown beside it.
  private struct Note {
    let project, account: UUID
    let actor: Actor
    let address: TrafficAddress
  }

  private func change(
    _ call: PageCall, _ kind: RefusedNote.Kind, saying done: Done,
    _ work: @Sendable (PageCall, Form, Note) async throws -> Recorded
  ) async throws -> PageAnswer {
    let (actor, form) = (try await call.actor(site), try await call.form())
    let (project, account) = try await site.project(of: call, to: .readNumbers)
    // A form says where it was sent from; what it made of that is held against the rules where it is saved.
    let address = TrafficAddress(savedAs: form["query"], project)
    do {
      let note = Note(project: project, account: account, actor: actor, address: address)
      _ = await tenancy.settle(noted: try await work(call, form, note))
      return .seeOther(address.place(), saying: done)
    } catch {
      guard let complaint = Complaint(error) else { throw error }
      let page = AnalyticsPages(site: site)
      return try await page.overview(
        call.going(to: address.with { $0.table = nil }.place()), after: RefusedNote(kind, form, complaint))
    }
  }

  private func save(_ call: PageCall, _ form: Form, _ note: Note) async throws -> Recorded {
    let address = try TrafficAddress(saving: form["query"], of: note.project, now: site.clock.now, call.context)
    let view = Project.ViewRequest(
      id: tenancy.newID(), name: try form.name("name", upTo: Project.maximumNameLength), query: address.query)
    return try await tenancy.notes.save(view, of: note.project, in: note.account, by: note.actor).recorded
  }

  private func annotate(_ call: PageCall, _ form: Form, _ note: Note) async throws -> Recorded {
    let zone = try note.address.calendar(instead: call.person().calendar)
    let text = try form.name("text", upTo: Project.maximumAnnotationLength)
    guard let at = try form.time("at", in: zone) else { throw Complaint("at", "This takes a day and a time.") }
    let until = try form.time("until", in: zone)
    guard until.map({ at < $0 }) ?? true else { throw Complaint("until", "This takes a time after it began.") }
    // A second click on the button is the same annotation: the page has nothing that is drawn anew each time, for then it would never be the
    // page that a browser knows.
    let said = "\(at.milliseconds) \(until?.milliseconds ?? 0) \(text)"
    let id = IdempotencyKey(said).id(of: "annotation", in: note.project, by: note.actor.userID)
    func add(_ id: UUID) async throws -> Recorded {
      let annotation = Project.AnnotationRequest(id: id, at: at, until: until, text: text)
      return try await tenancy.notes.add(annotation, to: note.project, in: note.account, by: note.actor).recorded
    }
    // What was removed can be said again.
    do { return try await add(id) } catch Project.Failure.noteIDTaken { return try await add(tenancy.newID()) }
  }
}

/// A form of a project's page that won't do, and why.
struct RefusedNote: Sendable {
  enum Kind: Sendable {
    case view, annotation
  }

  let kind: Kind
  let form: Form
  let complaint: Complaint

  init(_ kind: Kind, _ form: Form, _ complaint: Complaint) {
    (self.kind, self.form, self.complaint) = (kind, form, complaint)
  }
}

extension PageCall {
  /// Of the same visitor, as if they had gone to another page.
  fileprivate func going(to place: Place) -> PageCall {
    let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: place.path)
    return PageCall(
      request: Request(head: head, body: RequestBody(buffer: ByteBuffer())), context: context, visitor: visitor,
      cookies: cookies)
  }
}

extension Form {
  /// What a field says that takes a time of a zone's clocks; nil where it says nothing. Throws ``Complaint``.
  fileprivate func time(_ field: String, in zone: NamedZone) throws -> Instant? {
    guard let text = text(field) else { return nil }
    guard let time = zone.calendar.time(ofField: text) else {
      throw Complaint(field, "This takes a day and a time that the clocks of \(zone.name) show.")
    }
    return time
  }
}
