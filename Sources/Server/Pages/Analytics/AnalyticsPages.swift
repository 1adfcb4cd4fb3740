import Application
import Domain
import Foundation
import Hummingbird

/// A project's traffic, from its figures down to one request and its proof.
///
/// 1. ``TrafficAddress`` is what the address asks for, ``TrafficAsked`` that with whose project it is, and which span that makes now;
/// 2. ``ProjectNumbers`` asks the API's own operations with their own parameters, so that a page shows what the API answers;
/// 3. views write the numbers for people; ``NumbersFile`` gives the same as CSV or JSON under the same address.
struct AnalyticsPages: Sendable {
  let site: Site

  private var numbers: ProjectNumbers { site.numbers }

  func add(to pages: inout PageRoutes) {
    pages.get("/projects/{project_id}", for: .people, madeOf: .project) { try await overview($0) }
    pages.get("/projects/{project_id}/requests", for: .people, madeOf: .project, requests)
  }

  /// - Parameter refused: a form of the page that was sent, and won't do.
  func overview(_ call: PageCall, after refused: RefusedNote? = nil) async throws -> PageAnswer {
    let asked = try await TrafficAsked(call, site)
    if let place = try TrafficAddress.canonical(call, asked.project.id, .overview, of: call.person()) {
      return .seeOther(place)
    }
    if let file = try await NumbersFile.asked(asked, numbers, instead: asked.address.table ?? .summary) { return file }
    switch asked.address.table {
    case .endpoints, .consumers, .releases: return try await list(asked)
    case .summary, .series, .requests, nil: break
    }
    let found = try await OverviewNumbers(numbers, asked)
    let notes = try await NotesView(site, asked, refused)
    return PageAnswer.page(
      "analytics/overview", title: asked.project.name, OverviewView(found, asked, notes),
      status: refused?.complaint.problem.kind.status ?? .ok, in: .projects
    ).changing(at: found.isWhole && notes.isThere ? asked.moments : nil)
  }

  /// One table with all its pages.
  private func list(_ asked: TrafficAsked) async throws -> PageAnswer {
    let summary = try await numbers.summary(asked)
    let view = try await TrafficListView(summary, numbers, asked)
    return PageAnswer.page("analytics/list", title: "\(view.title) of \(asked.project.name)", view, in: .projects)
      .changing(at: view.isWhole ? asked.moments : nil)
  }

  private func requests(_ call: PageCall) async throws -> PageAnswer {
    let asked = try await TrafficAsked(call, site)
    if let place = try TrafficAddress.canonical(call, asked.project.id, .requests, of: call.person()) {
      return .seeOther(place)
    }
    if let file = try await NumbersFile.asked(asked, numbers, instead: .requests) { return file }
    let found = try await numbers.requests(asked, limit: RequestListView.length, after: asked.address.cursor)
    return PageAnswer.page(
      "analytics/requests", title: "Requests of \(asked.project.name)", RequestListView(found, asked), in: .projects
    ).changing(at: found.content.stop == nil ? asked.moments : nil)
  }
}
