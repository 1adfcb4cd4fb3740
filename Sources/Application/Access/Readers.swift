package import Domain
import EventLog
package import Foundation
import Postgres

/// Who may ask for numbers: a key with the scope `read`, for all of its account, or a member who is logged in. The one place that
/// decides that.
package struct Readers: Sendable {
  private let keys: KeyDirectory
  private let authenticator: Authenticator
  private let access: Access

  package init(keys: KeyDirectory, authenticator: Authenticator, access: Access) {
    self.keys = keys
    self.authenticator = authenticator
    self.access = access
  }

  /// Whoever asks.
  package enum Reader {
    case key(KeyGrant)
    case member(Principal)

    /// Which events they may see: a key those of its own mode, live or test, a member all.
    package var modes: [KeyMode] {
      switch self {
      case .key(let grant): [grant.source.mode]
      case .member: [.live, .test]
      }
    }

    /// The mode asked for, or the one that is shown to them when they don't say: to a member the real events. Throws the refusal of a
    /// key of the other mode.
    package func mode(_ asked: KeyMode?) throws(KeyRefusal) -> KeyMode {
      let mode = asked ?? modes[0]
      guard modes.contains(mode) else { throw .otherMode(of: modes[0], asked: mode) }
      return mode
    }
  }

  /// Who bears a key or an access token. Throws ``KeyRefusal`` and ``AuthenticationError``.
  package func reader(bearing text: String?, now: Instant) async throws -> Reader {
    guard let text else { throw KeyRefusal.missingReader }
    // An access token has dots; a key that was mistyped hardly does, and is told what is wrong with it as a key.
    if text.hasPrefix("sk_") || !text.contains(".") {
      return .key(try await keys.grant(for: text, scope: .read, now: now))
    }
    return .member(try await authenticator.principal(bearing: text))
  }

  /// Throws the error of an account that isn't there when they may not read what belongs to it.
  package func require(_ reader: Reader, mayRead account: UUID) async throws {
    switch reader {
    case .key(let grant): guard grant.source.accountID == account else { throw AccessError.noAccount(account) }
    case .member(let principal): try await access.require(.readNumbers, account: account, of: principal)
    }
  }

  /// The account of a project that they may read. Throws the error of a project that isn't there when they may not.
  package func account(of project: UUID, for reader: Reader) async throws -> UUID {
    switch reader {
    case .member(let principal):
      return try await access.account(of: project, .readNumbers, of: principal.userID)
    case .key(let grant):
      let account = grant.source.accountID
      if project == grant.source.projectID { return account }
      guard try await access.homes.isProject(project, of: account) else { throw AccessError.noProject(project) }
      return account
    }
  }
}
