package import Domain
package import EventLog
package import Foundation
import Postgres

/// Decides whether a person may act for an account.
///
/// 1. Who isn't a member is found out first, before anything is read of what they ask for: in one statement, which takes the same way for an id
///    that isn't there and for one that is somebody else's, so that its time tells them apart no more than the answer does. The directory read
///    model may say no where it has come to what happened to the account last.
/// 2. Who may be one is held against the account's own stream, not a read model: whoever was removed is out with the commit that removed
///    them, whether a projector runs or not.
package struct Access: Sendable {
  package let log: Log
  /// Where projects are.
  let homes: ProjectHome
  private let questions: Questions

  /// Over an open log.
  package init(log: Log, questions: Questions) {
    self.log = log
    self.questions = questions
    homes = ProjectHome(log: log, questions: questions)
  }

  /// Throws ``AccessError``: to whoever isn't a member it is as if there were no such account.
  package func require(_ action: Action, account: UUID, of principal: Principal) async throws {
    try await require(action, account: account, of: principal.userID)
  }

  /// The same for a user.
  package func require(_ action: Action, account: UUID, of user: UUID) async throws {
    try await requireMembership(of: user, in: account)
    let state = try await log.load(Account.self, from: .account(account, shard: log.shards.shard(of: account))).state
    try Self.check(action, on: state, account, of: user)
  }

  /// Throws the error of whoever can't be a member: before a command is decided, which then decides the right, too.
  package func requireMembership(of user: UUID, in account: UUID) async throws {
    let question = MayBeMemberQuestion(shard: log.shards.shard(of: account), account: account, user: user)
    do {
      guard try await questions.ask(question).first ?? true else { throw AccessError.noAccount(account) }
    } catch let error as PostgresError where error.isOfUnreadableModel {
      // Then the streams decide alone.
    }
  }

  /// The account of a project, for a user who has the right to do this with it. To whoever isn't a member there is no such project.
  package func account(of project: UUID, _ action: Action, of user: UUID) async throws -> UUID {
    let missing = AccessError.noProject(project)
    guard let home = try await homes.account(of: project, seenBy: user) else { throw missing }
    do {
      let state = try await log.load(Account.self, from: .account(home, shard: log.shards.shard(of: home))).state
      try Self.check(action, on: state, home, of: user)
    } catch AccessError.noAccount { throw missing }
    return home
  }

  /// What somebody is in an account; nil of whoever is no member.
  package func role(of user: UUID, in account: UUID) async throws -> Account.Role? {
    let stream = StreamID.account(account, shard: log.shards.shard(of: account))
    return try await log.load(Account.self, from: stream).state.members[user]
  }

  /// On a state at hand: a command is decided on the state that its right was decided on.
  @discardableResult
  package static func check(_ action: Action, on account: Account, _ id: UUID, of user: UUID) throws -> Account.Role {
    guard account.id != nil, let role = account.members[user] else { throw AccessError.noAccount(id) }
    guard Permissions.allows(role, action) else { throw AccessError.forbidden(role, action) }
    guard !account.isClosed || action.isPossibleInClosedAccount else { throw Account.Failure.closed }
    return role
  }
}

extension Action {
  /// Whether it can be done where the account is closed.
  package var isPossibleInClosedAccount: Bool {
    switch self {
    case .readAccount, .readNumbers, .readAuditLog, .exportData: true
    case .nameAccount, .manageProjects, .archiveProjects, .manageKeys, .manageLinks, .manageMembers, .manageOwners,
      .manageBilling, .leave:
      false
    }
  }

  /// What it is to do it, in words.
  package var words: String {
    switch self {
    case .readAccount: "see the account"
    case .readNumbers: "see its numbers"
    case .nameAccount: "name it"
    case .manageProjects: "create, rename and annotate projects, and save views of them"
    case .archiveProjects: "archive projects, and take them out of the archive"
    case .manageKeys: "issue, rotate and revoke keys"
    case .manageLinks: "share links to a project's numbers, and revoke them"
    case .manageMembers: "invite, change and remove members"
    case .manageOwners: "make, change and remove owners"
    case .readAuditLog: "see the security audit log"
    case .exportData: "export the account's data"
    case .manageBilling: "change what the account pays for"
    case .leave: "leave"
    }
  }
}
