import Application
import Domain
import Foundation

/// An account's name, members and invitations.
struct AccountSettingsView: Sendable {
  let tabs: SettingsTabs
  let account: AccountView
  let name, once, newEmail: String
  let mayName, mayInvite, mayExport: Bool
  let general, nameError, emailError, next: String?
  let members: [Member]
  let invitations: [Invitation]
  let hasInvitations: Bool
  let roles: [Choice]

  struct Member: Sendable {
    let name, email, role, path: String
    let added: Moment
    let isSelf, mayChange: Bool
    let roles: [Choice]
  }

  struct Choice: Sendable {
    let word, name: String
    let isChosen: Bool
  }

  struct Invitation: Sendable {
    let email, role, path: String
    let expires: Moment
  }

  init(
    _ tenant: Tenant, _ page: Page<ListedMember, TimePlace>, _ invited: [ListedInvitation], of visitor: Visitor,
    once: String, _ complaint: Complaint?, _ form: Form
  ) {
    tabs = SettingsTabs(.account)
    account = AccountView(tenant, at: .settingsOfAccount)
    (mayName, mayInvite) = (tenant.allows(.nameAccount), tenant.allows(.manageMembers))
    mayExport = tenant.allows(.exportData)
    // The form that was not taken: that of the name, or an invitation.
    let isInvitation = complaint != nil && !form["email"].isEmpty
    name = complaint != nil && !isInvitation && form.has("name") ? form["name"] : tenant.account.name ?? ""
    newEmail = isInvitation ? form["email"] : ""
    (nameError, emailError) = (complaint?.of("name"), complaint?.of("email"))
    general = complaint.flatMap { complaint in
      complaint.general ?? complaint.fields.first { !["name", "email"].contains($0.key) }?.value
    }
    self.once = once
    members = page.entries.map { Member($0, tenant, visitor) }
    next = page.next.map { place in
      Place.settingsOfAccount.with([("account", tenant.account.id.text), ("after", place.cursor)]).path
    }
    invitations = invited.map { Invitation($0, in: visitor.calendar) }
    hasInvitations = !invitations.isEmpty
    roles = Self.choices(.member, mayOwn: tenant.allows(.manageOwners))
  }

  fileprivate static func choices(_ chosen: Account.Role, mayOwn: Bool) -> [Choice] {
    Account.Role.allCases.filter { $0 != .owner || mayOwn || $0 == chosen }.map {
      Choice(word: $0.rawValue, name: $0.words, isChosen: $0 == chosen)
    }
  }
}

extension AccountSettingsView.Member {
  fileprivate init(_ member: ListedMember, _ tenant: Tenant, _ visitor: Visitor) {
    name = member.name?.shown ?? member.email?.shown ?? "somebody who has been erased"
    email = member.email?.shown ?? "–"
    role = member.role.words
    path = Place.settingsOfAccount.appending("members").appending(member.userID.text).path
    added = Moment(member.addedAt, in: visitor.calendar)
    isSelf = member.userID == visitor.principal.userID
    mayChange = tenant.allows(Permissions.action(toChange: member.role, to: .member))
    roles = AccountSettingsView.choices(member.role, mayOwn: tenant.allows(.manageOwners))
  }
}

extension AccountSettingsView.Invitation {
  fileprivate init(_ invitation: ListedInvitation, in calendar: LocalCalendar) {
    email = invitation.email?.shown ?? "–"
    role = invitation.role.words
    path = Place.settingsOfAccount.appending("invitations").appending(invitation.id.text).appending("withdraw").path
    expires = Moment(invitation.expiresAt, in: calendar)
  }
}

extension Account.Role {
  /// For people.
  var words: String {
    switch self {
    case .owner: "owner"
    case .admin: "admin"
    case .member: "member"
    case .readOnly: "reads only"
    }
  }
}
