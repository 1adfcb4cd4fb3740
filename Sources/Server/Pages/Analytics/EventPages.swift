import Application
import Domain
import EventLog
import Foundation
import Hummingbird

/// One request, and all there is to check it by.
struct EventPages: Sendable {
  let site: Site

  func add(to pages: inout PageRoutes) { pages.get("/projects/{project_id}/events/{position}", for: .people, event) }

  private func event(_ call: PageCall) async throws -> PageAnswer {
    let visitor = try call.person()
    let (project, tenant) = try await site.homeOfProject(of: call, to: .readNumbers)
    let event = try await site.numbers.explain.event(
      at: call.context.parameters.get("position") ?? "", ofProject: project.id, in: tenant.account.id,
      modes: KeyMode.allCases, call.context)
    let key = try await site.tenancy.questions.key(event.event.request.keyID, of: project.id, in: tenant.account.id)
    let view = EventView(event, of: project, key: key.value?.name, in: visitor.calendar)
    return .page("analytics/event", title: "Request \(view.position)", view, in: .projects)
  }
}

/// A request with every member as it was tracked.
struct EventView: Sendable {
  let project: ProjectHead
  let position, method, path, template, status, statusClass, duration, mode: String
  let time, recorded: Moment
  let consumer, release, error, requestBytes, responseBytes, id: String?
  let ordinal, key, keyPath, zone: String
  let void: Voided?
  let batch: Batch
  let inclusion: Inclusion?
  let commands, auditorCommands: String
  let json: String

  struct Voided: Sendable {
    let reason, position: String
    let recorded: Moment
    let givesBackQuota: Bool
  }

  struct Batch: Sendable {
    let shard, first, last, previousHash, hash, leaf: String
    let recorded: Moment
  }

  struct Inclusion: Sendable {
    let treeSize, rootHash, steps, checkpoint: String
  }

  init(_ checkable: CheckableEvent, of project: ListedProject, key: String?, in calendar: LocalCalendar) {
    let (event, request) = (checkable.event, checkable.event.request)
    self.project = ProjectHead(project)
    (position, mode) = (Text.number(request.position), event.mode.rawValue)
    (method, path, template) = (request.method.whole, request.endpoint.whole, request.template.whole)
    (status, statusClass) = (String(request.statusCode), "s\(request.statusCode / 100)")
    duration = request.responseTime.map { "\($0) ms" } ?? "not recorded"
    (time, recorded) = (Moment(request.time, in: calendar, .second), Moment(request.recordedAt, in: calendar, .second))
    (consumer, release, error) = (request.consumer?.whole, request.release?.whole, request.error?.whole)
    requestBytes = request.requestBytes.map(Text.number)
    responseBytes = request.responseBytes.map(Text.number)
    (id, ordinal) = (request.id?.text, String(request.ordinal))
    self.key = key ?? request.keyID.text
    keyPath = Place.key(request.keyID, of: project.id).path
    zone = calendar.title
    void = event.void.map {
      Voided(
        reason: $0.void.reason.whole, position: Text.number($0.position), recorded: Moment($0.recordedAt, in: calendar),
        givesBackQuota: $0.void.givesBackQuota)
    }
    batch = Batch(event, in: calendar)
    inclusion = event.inclusion.map {
      Inclusion(
        treeSize: Text.number($0.treeSize), rootHash: $0.rootHash, steps: String($0.hashes.count),
        checkpoint: $0.checkpoint)
    }
    let commands = checkable.commands
    self.commands = commands.prefix(3).joined(separator: "\n")
    auditorCommands = commands.dropFirst(3).joined(separator: "\n")
    json = Place.api(of: project.id, "events").appending(String(request.position)).path
  }
}

extension EventView.Batch {
  fileprivate init(_ event: ExplainedEvent, in calendar: LocalCalendar) {
    let batch = event.batch
    shard = String(event.shard)
    (first, last) = (Text.number(batch.firstPosition), Text.number(batch.lastPosition))
    (previousHash, hash) = (Hex.text(batch.previousHash), Hex.text(batch.hash))
    leaf = MerkleHash.leaf(batch.hash).base64
    recorded = Moment(batch.recordedAt, in: calendar, .second)
  }
}

extension String {
  /// Foreign text with all of it there: what could disorder the page is written as it is spelt.
  fileprivate var whole: String { ForeignText.line(self) }
}
