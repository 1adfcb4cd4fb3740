import Application
import Domain
import Foundation
import Hummingbird

/// Who did what, when and from where: of an account, for those who answer for it, and of oneself.
struct SecurityLogRoutes: Sendable {
  let entrance: Entrance
  let access: Access
  let questions: Questions

  func add(to operations: inout Operations) {
    operations.add(.accountSecurityLog, account)
    operations.add(.mySecurityLog, me)
  }

  private func account(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    let id = try call.context.accountID
    try await access.require(call.action, account: id, of: principal)
    let found = try await questions.securityLog(
      ofAccount: id, kind: call(Self.kind), after: call(Self.place), limit: call(Self.limit))
    return try Self.answer(found, of: id, in: Self.ofAccount)
  }

  private func me(_ call: Call) async throws -> Response {
    let id = try await entrance.person(call).userID
    let found = try await questions.securityLog(
      ofUser: id, kind: call(Self.kind), after: call(Self.place), limit: call(Self.limit))
    return try Self.answer(found, of: id, in: Self.ofPerson)
  }

  private static func answer(
    _ found: Answered<Page<SecurityEntry, SecurityPlace>>, of subject: UUID, in shape: Shape<SecurityLogPage>
  ) throws -> Response {
    let page = try found.map { try $0.map(ShownSecurityEntry.init) }
    return .json(SecurityLogPage(subject: subject, page: page), in: shape)
  }
}
