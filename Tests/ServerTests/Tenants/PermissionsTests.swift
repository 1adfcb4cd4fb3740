import Application
import Domain
import Server
import Testing

/// The table of authorisation, written down once more: a change of it has to be meant.
@Suite struct PermissionsTests {
  private static let looking: Set<Action> = [.readAccount, .readNumbers, .leave]
  private static let working: Set<Action> = [.manageProjects, .manageKeys, .manageLinks]
  private static let running: Set<Action> = [
    .nameAccount, .archiveProjects, .manageMembers, .readAuditLog, .exportData,
  ]

  @Test(arguments: [
    (Account.Role.readOnly, looking), (.member, looking.union(working)),
    (.admin, looking.union(working).union(running)), (.owner, Set(Action.allCases)),
  ]) func aRoleGivesTheseRightsAndNoOthers(role: Account.Role, rights: Set<Action>) {
    #expect(Set(Action.allCases.filter { Permissions.allows(role, $0) }) == rights)
  }
}
