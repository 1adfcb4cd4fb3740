import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// What a person sees of themselves, and changes.
struct MeRoutes: Sendable {
  let people: People
  let rules: PasswordRules
  let entrance: Entrance
  let questions: Questions

  func add(to operations: inout Operations) {
    operations.add(.showMe, show)
    operations.add(.changeMe, change)
    operations.add(.deleteMe, delete)
    operations.add(.restoreMe, restore)
    operations.add(.changePassword, changePassword)
    operations.add(.changeEmail, changeEmail)
    operations.add(.confirmEmail, confirmEmail)
    operations.add(.sessions, sessions)
    operations.add(.endSession, end)
  }

  private func show(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    return try await answer(try await people.user(principal.userID), principal)
  }

  private func change(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    let change = try Self.change(try await call.body())
    let user = try await ChangeProfile(people: people)(change, of: principal, from: entrance.client(call))
    return try await answer(user, principal)
  }

  private static func change(_ body: SentBody) throws -> ChangeProfile.Change {
    var change = ChangeProfile.Change()
    if body.mentions(name) { change.name = .some(try body(name)) }
    if body.mentions(timeZone) { change.timeZone = .some(try body(timeZone)) }
    return change
  }

  private func delete(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    let password = try await call.body()(AuthRoutes.knownPassword)
    let user = try await RequestDeletion(people: people)(
      of: principal, password: password, from: entrance.client(call))
    return try await answer(user, principal, status: .accepted)
  }

  private func restore(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    return try await answer(
      try await CancelDeletion(people: people)(of: principal, from: entrance.client(call)), principal)
  }

  private func changePassword(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    let body = try await call.body()
    try await ChangePassword(people: people, rules: rules)(
      of: principal, current: try body(Self.currentPassword), new: try body(Self.newPassword),
      from: entrance.client(call))
    entrance.authenticator.forget(principal.userID, ended: [])
    return .message(.ok, "the password is changed, and all other sessions have ended")
  }

  private func changeEmail(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    let body = try await call.body()
    try await RequestEmailChange(people: people)(
      of: principal, to: try body(AuthRoutes.email), password: try body(AuthRoutes.knownPassword),
      from: entrance.client(call))
    return .message(.accepted, "a mail is on its way to the new address: open its link to move there")
  }

  private func confirmEmail(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    let token = try await call.body()(AuthRoutes.token)
    try await ConfirmEmailChange(people: people)(of: principal, token: token, from: entrance.client(call))
    return try await answer(try await people.user(principal.userID), principal)
  }

  private func sessions(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    let found = try await questions.sessions(of: principal.userID, at: people.clock.now)
    return .json(
      found.map { sessions in sessions.map { SessionSeen(session: $0, from: principal.sessionID) } }, in: Self.listed)
  }

  private func end(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    let session = try call.context.sessionID
    try await RevokeSession(people: people)(session, of: principal, from: entrance.client(call))
    entrance.authenticator.forget(principal.userID, ended: [session])
    return .message(.ok, "the session has ended")
  }

  private func answer(
    _ user: User, _ principal: Principal, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let accounts = try await questions.accounts(of: principal.userID, limit: Self.mostAccounts)
    let person = Person(profile: try await people.profile(user, of: principal.userID), accounts: accounts.entries)
    return .json(person, in: Self.person, status: status)
  }
}
