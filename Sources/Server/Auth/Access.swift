import Domain
public import EventLog
public import Foundation
import Postgres

/// Decides whether a person may act for an account.
///
/// 1. Who isn't a member is found out first, before anything is read of what they ask for: in one statement, which takes the same way for an id
///    that isn't there and for one that is somebody else's, so that its time tells them apart no more than the answer does. The directory read
///    model may say no where it has come to what happened to the account last.
/// 2. Who may be one is held against the account's own stream, not a read model: whoever was removed is out with the commit that removed
///    them, whether a projector runs or not.
public struct Access: Sendable {
  let log: Log
  private let mayBeMember, projectOfMember: String

  /// Over an open log.
  public init(log: Log, queries: QueryCatalog) throws {
    self.log = log
    mayBeMember = try queries.text("directory", "may_be_member")
    projectOfMember = try queries.text("directory", "project_of_member")
  }

  /// Throws the problem to be shown: 404 to whoever isn't a member, as if there were no such account, 403 to a member whose role
  /// does not give the right.
  public func require(_ action: Action, account: UUID, of principal: Principal) async throws {
    try await require(action, account: account, of: principal.userID)
  }

  /// The same for a user.
  func require(_ action: Action, account: UUID, of user: UUID) async throws {
    try await requireMembership(of: user, in: account)
    let state = try await log.load(Account.self, from: .account(account, shard: log.shards.shard(of: account))).state
    try Self.check(action, on: state, account, of: user)
  }

  /// Throws the problem of whoever can't be a member: before a command is decided, which then decides the right, too.
  func requireMembership(of user: UUID, in account: UUID) async throws {
    let query = Query(mayBeMember, [Int32(log.shards.shard(of: account)), account, user])
    let mayBe = try await directory { try await log.pool.query(query).first?.decode("may_be", as: Bool.self) }
    guard mayBe ?? true else { throw Problem.noAccount(account) }
  }

  /// The account of a project, for a user who has the right to do this with it. To whoever isn't a member there is no such project.
  func account(of project: UUID, _ action: Action, of user: UUID, orThrow missing: Problem) async throws -> UUID {
    let query = Query(projectOfMember, [project, user])
    let account: UUID?
    if let rows = try await directory({ try await log.pool.query(query) }) {
      guard let row = rows.first else { throw missing }
      account = try row.decode("account_id", as: UUID?.self)
    } else {
      account = nil
    }
    let home: UUID? = if let account { account } else { try await ProjectCommands(log: log).account(of: project) }
    guard let home else { throw missing }
    do {
      let state = try await log.load(Account.self, from: .account(home, shard: log.shards.shard(of: home))).state
      try Self.check(action, on: state, home, of: user)
    } catch let problem as Problem where problem.kind == .accountNotFound { throw missing }
    return home
  }

  /// Those of some rows of the directory's accounts of a person which they are a member of no more: removed since the directory came to it.
  func left(_ rows: Rows, by user: UUID) async throws -> Set<UUID> {
    var left: Set<UUID> = []
    for row in rows where try !row.decode("is_current", as: Bool.self) {
      let id = try row.decode("account_id", as: UUID.self)
      let account = try await log.load(Account.self, from: .account(id, shard: log.shards.shard(of: id))).state
      if account.members[user] == nil { left.insert(id) }
    }
    return left
  }

  /// Nil where nobody has built the directory yet, or only an older release, without a column that is asked for: then the streams
  /// decide alone.
  private func directory<T>(_ ask: () async throws -> T?) async throws -> T? {
    do { return try await ask() } catch let error as PostgresError
      where ["42P01", "3F000", "42703"].contains(error.sqlState)
    {
      return nil
    }
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
