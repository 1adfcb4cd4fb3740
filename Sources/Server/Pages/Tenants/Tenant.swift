import Application
import Domain
import Foundation
import Hummingbird

/// The account that a page is about, and what whoever looks may do with it.
struct Tenant: Sendable {
  let account: ListedAccount
  let role: Account.Role
  /// What it has now: what it pays for, or what it was granted.
  let tier: Tier
  /// All that they may act for, to switch between.
  let memberships: [Membership]

  init(_ membership: Membership, among memberships: [Membership], at now: Instant) {
    (account, role) = (membership.account, membership.role)
    tier = membership.account.tier(at: now)
    self.memberships = memberships
  }

  /// What its members call it.
  var name: String { account.name ?? "Personal account" }

  func allows(_ action: Action) -> Bool {
    Permissions.allows(role, action) && (account.closedAt == nil || action.isPossibleInClosedAccount)
  }
}

extension Site {
  /// More accounts than anybody is in: those beyond are reached by their address.
  private static let mostAccounts = 100

  /// The accounts that whoever looks may act for.
  func memberships(of call: PageCall) async throws -> [Membership] {
    if let known = call.memberships { return known }
    return try await tenancy.questions.accounts(of: call.person().principal.userID, limit: Self.mostAccounts).entries
  }

  /// The account of `?account=`, or the first. To whoever isn't a member there is no such account.
  ///
  /// - Parameter account: instead of what the address says.
  func tenant(of call: PageCall, account: UUID? = nil) async throws -> Tenant {
    let user = try call.person().principal.userID
    let memberships = try await memberships(of: call)
    guard let asked = account?.text ?? call.parameter("account") else {
      guard let usual = memberships.usual else { throw Problem(.accountNotFound, Self.noAccount) }
      return tenant(usual, among: memberships, for: call)
    }
    guard let id = UUID(uuidString: asked) else { throw Problem(.accountNotFound, "that is no account of yours") }
    try await tenancy.access.require(.readAccount, account: id, of: user)
    guard let found = memberships.first(where: { $0.account.id == id }) else { throw AccessError.noAccount(id) }
    return tenant(found, among: memberships, for: call)
  }

  /// Every page about an account, or about something in it, comes by here.
  private func tenant(_ membership: Membership, among memberships: [Membership], for call: PageCall) -> Tenant {
    call.subject.holds(membership.account, at: clock.now)
    return Tenant(membership, among: memberships, at: clock.now)
  }

  private static let noAccount =
    "you are in no account yet: one that was opened a moment ago shows as soon as the read models have come to it, so load the page again"

  /// The project of a page's path and its account, with which whoever looks has the right to do this.
  func project(of call: PageCall, to action: Action) async throws -> (id: UUID, account: UUID) {
    let id = try call.context.projectID
    return (id, try await tenancy.access.account(of: id, action, of: try call.person().principal.userID))
  }

  /// The same as the page about it needs it.
  func homeOfProject(of call: PageCall, to action: Action) async throws -> (project: ListedProject, tenant: Tenant) {
    let (id, account) = try await project(of: call, to: action)
    let memberships = try await memberships(of: call)
    guard let found = memberships.first(where: { $0.account.id == account }),
      let project = try await tenancy.questions.project(id, of: account)?.value
    else { throw AccessError.noProject(id) }
    return (project, tenant(found, among: memberships, for: call))
  }
}

extension [Membership] {
  /// The one that is meant where none is named.
  var usual: Membership? { first { $0.account.closedAt == nil } ?? first }
}

extension PageCall {
  /// Where a list goes on, by time and id.
  var place: TimePlace? {
    guard let text = parameter("after"), let place = Cursor.values(of: text, as: Instant.self, UUID.self) else {
      return nil
    }
    return TimePlace(time: place.0, id: place.1)
  }

  /// What a form creates gets its id from this, so that a second click on its button creates nothing.
  func drawn(_ site: Site) -> String {
    var random = SystemRandomNumberGenerator()
    return UUID.v7(at: site.clock.now, using: &random).text
  }
}

extension Form {
  func account() throws -> UUID {
    guard let id = id("account") else {
      throw Problem(.accountNotFound, "the form names no account: open the page again")
    }
    return id
  }

  /// What the form was given when it was shown.
  var once: String { String(self["once"].prefix(64)) }

  /// A name that people give. Throws ``Complaint``.
  func name(_ field: String, upTo limit: Int) throws -> String {
    let name = self[field].trimmingCharacters(in: .whitespacesAndNewlines).precomposedStringWithCanonicalMapping
    guard NameRule.takes(name, maximumCharacters: limit) else {
      throw Complaint(field, "This takes \(NameRule.allowed(maximumCharacters: limit)).")
    }
    return name
  }
}

extension TimePlace {
  /// As an address has it.
  var cursor: String { Cursor(time, id).text }
}
