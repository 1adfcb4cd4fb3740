import Application
import Domain
import Foundation
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Numbers that move while somebody looks (server-sent events, HTML section 9.2), and the page that waits for a project's first event.
struct LivePages: Sendable {
  let site: Site
  let feed: LiveFeed

  /// For each viewer, so not with every number.
  private static let checkInterval = Duration.seconds(10)

  func add(to pages: inout PageRoutes) {
    pages.get("/projects/{project_id}/live", for: .people, live)
    pages.get("/projects/{project_id}/first-event", for: .people, firstEvent)
  }

  private func live(_ call: PageCall) async throws -> PageAnswer {
    let visitor = try call.person()
    let subject = try await subject(of: call)
    let items = await feed.watch(subject)
    return .stream { writer in
      var checked = ContinuousClock.now
      for await item in items.cancelOnGracefulShutdown() {
        // What ended elsewhere ends here, too.
        if ContinuousClock.now - checked > Self.checkInterval {
          guard try await goesOn(visitor, subject) else { break }
          checked = .now
        }
        let message =
          switch item {
          case .state(let state): LiveState(state, of: subject.project, in: visitor.calendar).message
          case .beat: ": still here\n\n"
          }
        try await writer.write(ByteBuffer(string: message))
      }
      try await writer.finish(nil)
    }
  }

  private func goesOn(_ visitor: Visitor, _ subject: LiveFeed.Subject) async throws -> Bool {
    do {
      _ = try await site.entrance.authenticator.visitor(showing: visitor.token.text)
      try await site.tenancy.access.require(.readNumbers, account: subject.account, of: visitor.principal.userID)
      return true
    } catch is AuthenticationError { return false } catch is AccessError { return false }
  }

  private func subject(of call: PageCall) async throws -> LiveFeed.Subject {
    let (project, account) = try await site.project(of: call, to: .readNumbers)
    return LiveFeed.Subject(project: project, account: account, mode: call.parameter("mode") == "test" ? .test : .live)
  }

  /// Waits, and shows what came: the event itself, or why one was not taken.
  private func firstEvent(_ call: PageCall) async throws -> PageAnswer {
    let visitor = try call.person()
    let (project, tenant) = try await site.homeOfProject(of: call, to: .readNumbers)
    let subject = try await subject(of: call)
    let now = site.clock.now
    let span = TrafficSpan(
      project: project.id, of: tenant.account.id, mode: subject.mode, range: now - .days(7)..<now + .minutes(5))
    async let found = site.expensive.search(for: tenant.account.id, call.context) { [site] in
      try await site.tenancy.questions.over(site.expensive.log).requests(span, limit: 1)
    }
    async let intake = site.tenancy.questions.intakeByDay(
      ofProject: project.id, in: tenant.account.id, mode: subject.mode, range: span.range)
    let view = try await FirstEventView(
      project, subject.mode, found.value.requests.first, intake.value, in: visitor.calendar)
    return .page("live/first-event", title: "First event of \(project.name)", view, in: .projects)
  }
}
