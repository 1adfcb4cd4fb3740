import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// What an account is called, and who may act for it.
struct AccountPages: Sendable {
  let site: Site

  private var tenancy: Tenancy { site.tenancy }
  private static let path = "/settings/account"

  func add(to pages: inout PageRoutes) {
    pages.get("/settings/account", for: .people) { try await show($0, nil, nil, Form.empty) }
    change(&pages, "/name", name)
    change(&pages, "/members/{user_id}", changeRole)
    change(&pages, "/members/{user_id}/remove", remove)
    change(&pages, "/invitations", invite)
    change(&pages, "/invitations/{invitation_id}/withdraw", withdraw)
    pages.post(Self.path + "/export", for: .people, export)
  }

  /// A file, and no place to go on: that it was taken is recorded, so no link leads to it.
  private func export(_ call: PageCall) async throws -> PageAnswer {
    let (actor, form) = (try await call.actor(site), try await call.form())
    let account = try form.account()
    try await tenancy.access.require(.exportData, account: account, of: actor.userID)
    guard let format = DataExported.Format(rawValue: form["format"]) else {
      throw Problem(.invalidParameter, "an export is `cloudevents` or `csv`: go back, and choose one of the two")
    }
    let wish = AccountExports.Wish(account: account, format: format, project: nil, from: nil, to: nil)
    let (fields, write) = try await site.export.begin(wish, by: actor, call.context.presence)
    return .stream(fields, write)
  }

  private func change(
    _ pages: inout PageRoutes, _ part: String,
    _ work: @escaping @Sendable (PageCall, Form, UUID, Actor) async throws -> Recorded
  ) {
    pages.post(Self.path + part, for: .people) { call in
      let (actor, form) = (try await call.actor(site), try await call.form())
      let account = try form.account()
      try await tenancy.access.requireMembership(of: actor.userID, in: account)
      do {
        _ = await tenancy.settle(try await work(call, form, account, actor))
        return .seeOther(Place.settings(account: account), saying: .saved)
      } catch {
        guard let complaint = Complaint(error) else { throw error }
        return try await show(call, account, complaint, form)
      }
    }
  }

  private func show(_ call: PageCall, _ account: UUID?, _ complaint: Complaint?, _ form: Form) async throws
    -> PageAnswer
  {
    let visitor = try call.person()
    let tenant = try await site.tenant(of: call, account: account)
    let members = try await tenancy.questions.members(of: tenant.account.id, after: call.place, limit: Self.pageLength)
    var invitations: [ListedInvitation] = []
    if tenant.allows(.manageMembers) {
      invitations = try await tenancy.questions.invitations(
        of: tenant.account.id, at: site.clock.now, limit: Self.pageLength
      ).value.entries
    }
    let view = AccountSettingsView(
      tenant, members.value, invitations, of: visitor, once: call.drawn(site), complaint, form)
    return .page(
      "settings/account", title: "Account", view, status: complaint?.problem.kind.status ?? .ok, in: .settings)
  }

  private static let pageLength = 100

  private func name(_ call: PageCall, _ form: Form, _ account: UUID, _ actor: Actor) async throws -> Recorded {
    let name = try form.name("name", upTo: Account.maximumNameLength)
    return try await commands.handle(.name(name), on: account, by: actor) { _ in .nameAccount }
  }

  private func changeRole(_ call: PageCall, _ form: Form, _ account: UUID, _ actor: Actor) async throws -> Recorded {
    try await commands.change(try call.context.memberID, to: try form.role(), in: account, by: actor)
  }

  /// Removing oneself is leaving.
  private func remove(_ call: PageCall, _ form: Form, _ account: UUID, _ actor: Actor) async throws -> Recorded {
    try await commands.change(try call.context.memberID, to: nil, in: account, by: actor)
  }

  private func invite(_ call: PageCall, _ form: Form, _ account: UUID, _ actor: Actor) async throws -> Recorded {
    let id = IdempotencyKey(form.once).id(of: "invitation", in: account, by: actor.userID)
    return try await site.invitations.invite(
      try form.email(), as: try form.role(), to: account, id: id, by: actor
    ).recorded
  }

  private func withdraw(_ call: PageCall, _ form: Form, _ account: UUID, _ actor: Actor) async throws -> Recorded {
    try await site.invitations.revoke(try call.context.invitationID, of: account, by: actor)
  }

  private var commands: AccountCommands { AccountCommands(log: tenancy.log, changes: tenancy.changes) }
}

extension Form {
  fileprivate func role() throws -> Account.Role {
    guard let role = Account.Role(rawValue: self["role"]) else {
      throw Complaint("role", "This takes one of the roles of the list.")
    }
    return role
  }
}
