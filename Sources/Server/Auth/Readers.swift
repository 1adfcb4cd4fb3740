import Domain
import EventLog
import Foundation
import Hummingbird
import Postgres

/// Who may ask for numbers: a key with the scope `read`, for all of its account, or a member who is logged in. The one place that
/// decides that.
struct Readers: Sendable {
  private let keys: KeyDirectory
  private let authenticator: Authenticator
  private let access: Access
  private let projectOfAccount: String

  init(keys: KeyDirectory, authenticator: Authenticator, access: Access, queries: QueryCatalog) throws {
    self.keys = keys
    self.authenticator = authenticator
    self.access = access
    projectOfAccount = try queries.text("directory", "project_of_account")
  }

  /// Whoever asks.
  enum Reader {
    case key(KeyGrant)
    case member(Principal)

    /// Which events they may see: a key those of its own mode, live or test, a member all.
    var modes: [KeyMode] {
      switch self {
      case .key(let grant): [grant.source.mode]
      case .member: [.live, .test]
      }
    }

    /// The mode asked for, or the one that is shown to them when they don't say: to a member the real events. Throws the problem of a key
    /// of the other mode.
    func mode(_ asked: KeyMode?) throws(Problem) -> KeyMode {
      let mode = asked ?? modes[0]
      guard modes.contains(mode) else {
        throw Problem(
          .missingScope,
          "this is a \(modes[0].rawValue) key, which reads \(modes[0].rawValue) events alone: use a \(mode.rawValue) key, or log in",
          members: ["key_mode": .string(modes[0].rawValue), "mode": .string(mode.rawValue)])
      }
      return mode
    }
  }

  /// Who asks. Throws the problem to be shown to whoever is neither.
  func reader(of request: Request, now: Int64) async throws -> Reader {
    guard let text = try request.bearerKey else {
      throw Problem(
        .missingKey, "send a project's key, or the access token of a member, in `Authorization: Bearer …`")
    }
    // An access token has dots; a key that was mistyped hardly does, and is told what is wrong with it as a key.
    if text.hasPrefix("sk_") || !text.contains(".") {
      return .key(try await keys.grant(for: text, scope: .read, now: now))
    }
    return .member(try await authenticator.principal(of: request))
  }

  /// Throws the problem of an account that isn't there when they may not read what belongs to it.
  func require(_ reader: Reader, mayRead account: UUID) async throws {
    switch reader {
    case .key(let grant): guard grant.source.accountID == account else { throw Problem.noAccount(account) }
    case .member(let principal): try await access.require(.readNumbers, account: account, of: principal)
    }
  }

  /// The account of a project that they may read. Throws the problem of a project that isn't there when they may not.
  func account(of project: UUID, for reader: Reader) async throws -> UUID {
    let missing = Problem(.projectNotFound, "there is no project \(project.text) that you may read")
    switch reader {
    case .member(let principal):
      return try await access.account(of: project, .readNumbers, of: principal.userID, orThrow: missing)
    case .key(let grant):
      let (account, log) = (grant.source.accountID, access.log)
      if project == grant.source.projectID { return account }
      let query = Query(projectOfAccount, [Int32(log.shards.shard(of: account)), account, project])
      guard try await !log.pool.query(query).isEmpty else { throw missing }
      return account
    }
  }
}
