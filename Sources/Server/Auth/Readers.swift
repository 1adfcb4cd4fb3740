import Domain
import EventLog
import Foundation
import Hummingbird
import Postgres

/// Who may ask for numbers: a key with the scope `read`, for all of its account, or a member who is logged in. The one place that
/// decides that.
struct Readers: Sendable {
  let keys: KeyDirectory
  let authenticator: Authenticator
  let access: Access

  /// Whoever asks.
  enum Reader {
    case key(KeyGrant)
    case member(Principal)

    /// What is shown to them when they don't say: a key's own events, a member the real ones.
    var mode: KeyMode {
      switch self {
      case .key(let grant): grant.source.mode
      case .member: .live
      }
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

  /// Throws `missing` when they may not read what belongs to this account, as if it were not there.
  func require(_ reader: Reader, mayRead account: UUID, orThrow missing: Problem) async throws {
    switch reader {
    case .key(let grant): guard grant.source.accountID == account else { throw missing }
    case .member(let principal):
      try await access.require(.readNumbers, account: account, of: principal.userID, orThrow: missing)
    }
  }
}
