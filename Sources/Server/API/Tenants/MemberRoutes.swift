import Application
import Domain
import Hummingbird

/// Who may act for an account, and as what.
struct MemberRoutes: Sendable {
  let tenancy: Tenancy

  func add(to operations: inout Operations) {
    operations.add(.members, list)
    operations.add(.changeMember) { call in try await change(call, to: try await call.body()(Self.role)) }
    // Removing oneself is leaving.
    operations.add(.removeMember) { call in try await change(call, to: nil) }
  }

  private func list(_ call: Call) async throws -> Response {
    let account = try await tenancy.account(call, of: tenancy.person(call))
    let members = try await tenancy.questions.members(of: account, after: call(.place), limit: call(Self.limit))
    return .json(members, in: Self.page)
  }

  private func change(_ call: Call, to role: @autoclosure () async throws -> Account.Role?) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (account, member) = (try await tenancy.account(call, of: actor), try call.context.memberID)
    let role = try await role()
    let recorded = try await AccountCommands(log: tenancy.log, changes: tenancy.changes).change(
      member, to: role, in: account, by: actor)
    return .json(
      Changed(
        value: ChangedMember(account: account, member: member, role: role), inEffect: await tenancy.settle(recorded)),
      in: Self.changed)
  }
}
