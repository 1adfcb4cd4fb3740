import Application
import Domain
import Hummingbird

/// Which notices a person gets by mail.
struct NoticeRoutes: Sendable {
  let people: People
  let entrance: Entrance

  func add(to operations: inout Operations) {
    operations.add(.notices, show)
    operations.add(.setNotices, set)
    operations.add(.unsubscribe, unsubscribe)
  }

  private func show(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    return .json(try await people.user(principal.userID).declinedNotices, in: Self.choice)
  }

  private func set(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    let declined = try await call.body()(Self.declined)
    let user = try await DeclineNotices(people: people)(declined, of: principal, from: entrance.client(call))
    return .json(user.declinedNotices, in: Self.choice)
  }

  private func unsubscribe(_ call: Call) async throws -> Response {
    let topic = try await DeclineNotices(people: people)(
      token: try call(Self.token) ?? "", from: entrance.client(call))
    return .message(.ok, "no more mails about \(topic.rawValue) are sent to you")
  }
}
