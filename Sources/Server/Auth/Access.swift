import Domain
public import EventLog
public import Foundation

/// Decides whether a person may act for an account.
///
/// By the account's own stream, which is a look-up of a few events by primary key, not by a read model: whoever was removed is out
/// with the commit that removed them, whether a projector runs or not.
public struct Access: Sendable {
  let log: Log

  /// Over an open log.
  public init(log: Log) { self.log = log }

  /// Throws the problem to be shown: 404 to whoever isn't a member, as if there were no such account, 403 to a member whose role
  /// does not give the right.
  public func require(_ action: Action, account: UUID, of principal: Principal) async throws {
    try await require(action, account: account, of: principal.userID)
  }

  /// The same for a user.
  func require(_ action: Action, account: UUID, of user: UUID) async throws {
    let state = try await log.load(Account.self, from: .account(account, shard: log.shards.shard(of: account))).state
    try Self.check(action, on: state, account, of: user)
  }

  /// The same for what belongs to the account: to whoever isn't a member there is no such thing either.
  func require(_ action: Action, account: UUID, of user: UUID, orThrow missing: Problem) async throws {
    do { try await require(action, account: account, of: user) } catch let problem as Problem
      where problem.kind == .accountNotFound
    { throw missing }
  }

  /// On a state at hand: a command is decided on the state that its right was decided on.
  @discardableResult
  static func check(_ action: Action, on account: Account, _ id: UUID, of user: UUID) throws -> Account.Role {
    guard account.id != nil, let role = account.members[user] else { throw Problem.noAccount(id) }
    guard Permissions.allows(role, action) else {
      throw Problem(
        .forbidden, "your role in this account, \(role.rawValue), does not give the right to this: \(action.words)",
        members: ["role": .string(role.rawValue), "action": .string(action.rawValue)])
    }
    guard !account.isClosed || action.isPossibleInClosedAccount else { throw Problem(Account.Failure.closed) }
    return role
  }
}

extension Problem {
  /// The same for an account that isn't there and one that is someone else's: ids can't be probed.
  static func noAccount(_ id: UUID) -> Problem {
    Problem(.accountNotFound, "you are a member of no account \(id.uuidString.lowercased())")
  }
}

extension Action {
  fileprivate var isPossibleInClosedAccount: Bool {
    switch self {
    case .readAccount, .readNumbers, .readAuditLog, .exportData: true
    case .manageProjects, .archiveProjects, .manageKeys, .manageMembers, .manageOwners, .manageBilling, .leave: false
    }
  }

  fileprivate var words: String {
    switch self {
    case .readAccount: "see the account"
    case .readNumbers: "see its numbers"
    case .manageProjects: "create and rename projects"
    case .archiveProjects: "archive projects"
    case .manageKeys: "issue, rotate and revoke keys"
    case .manageMembers: "invite, change and remove members"
    case .manageOwners: "make, change and remove owners"
    case .readAuditLog: "see the security audit log"
    case .exportData: "export the account's data"
    case .manageBilling: "change what the account pays for"
    case .leave: "leave"
    }
  }
}
