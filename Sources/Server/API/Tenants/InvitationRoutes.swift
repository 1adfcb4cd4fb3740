import Application
import Domain
import Hummingbird

/// How people join an account.
struct InvitationRoutes: Sendable {
  let tenancy: Tenancy
  let commands: Invitations

  func add(to operations: inout Operations) {
    operations.add(.invitations, list)
    operations.add(.invite, invite)
    operations.add(.withdrawInvitation, withdraw)
    operations.add(.acceptInvitation, accept)
  }

  private func list(_ call: Call) async throws -> Response {
    let account = try await tenancy.account(call, of: tenancy.person(call))
    let invitations = try await tenancy.questions.invitations(
      of: account, at: tenancy.clock.now, after: call(.place), limit: call(Self.limit))
    return .json(invitations, in: Self.page)
  }

  private func invite(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let account = try await tenancy.account(call, of: actor)
    let body = try await call.body()
    let address = try body(Self.email)
    let (event, recorded) = try await commands.invite(
      address, as: try body(Self.role) ?? .member, to: account,
      id: try call.idempotencyKey?.id(of: "invitation", in: account, by: actor.userID), by: actor)
    let invited = Invited(event: event, address: address)
    return .created(
      Changed(value: invited, inEffect: await tenancy.settle(recorded)), in: Self.invited,
      at: "/api/v1/accounts/\(account.text)/invitations")
  }

  private func withdraw(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (account, invitation) = (try await tenancy.account(call, of: actor), try call.context.invitationID)
    let recorded = try await commands.revoke(invitation, of: account, by: actor)
    let withdrawn = Withdrawn(account: account, invitation: invitation)
    return .json(Changed(value: withdrawn, inEffect: await tenancy.settle(recorded)), in: Self.withdrawn)
  }

  private func accept(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let (account, role, recorded) = try await commands.accept(token: try await call.body()(Self.token), by: actor)
    let member = ChangedMember(account: account, member: actor.userID, role: role)
    return .json(Changed(value: member, inEffect: await tenancy.settle(recorded)), in: Self.accepted)
  }
}
