package import Domain
package import EventLog
package import Foundation

/// From an access token to the person who bears it.
package struct Authenticator: Sendable {
  package let tokens: AccessTokens
  let sessions: SessionDirectory
  private let secrets: Secrets
  package let clock: any WallClock

  package init(log: Log, secrets: Secrets, clock: any WallClock) {
    self.secrets = secrets
    tokens = AccessTokens(secrets: secrets)
    sessions = SessionDirectory(log: log)
    self.clock = clock
  }

  /// The person who bears a token. Throws ``AuthenticationError``: no token, one that is not ours or has expired, or one of a session
  /// that is over.
  package func principal(bearing token: String?) async throws -> Principal {
    guard let token else { throw AuthenticationError.missingToken }
    guard !token.hasPrefix("sk_") else { throw AuthenticationError.keyForToken }
    let now = clock.now
    guard let principal = try await tokens.read(token)?.principal(now: now) else {
      throw AuthenticationError.invalidToken
    }
    guard try await sessions.end(of: principal, now: now) != nil else { throw AuthenticationError.sessionOver }
    return principal
  }

  /// The person whose browser shows a cookie, and when the session ends unless it is prolonged. Throws ``AuthenticationError``: no cookie, or
  /// one that is not ours, or one of a session that is over.
  package func visitor(showing cookie: String?) async throws -> (token: SessionToken, end: Instant) {
    guard let cookie, let token = SessionToken(parsing: cookie, for: .cookie, key: try await secrets.key(.jwtKey))
    else { throw AuthenticationError.missingToken }
    guard let end = try await sessions.end(of: token.principal, now: clock.now) else {
      throw AuthenticationError.sessionOver
    }
    return (token, end)
  }

  /// Sessions of a person have ended here: access tokens of theirs are looked up anew, and those of these sessions refused at once.
  package func forget(_ user: UUID, ended: [UUID]) { sessions.forget(user, ended: ended, now: clock.now) }
}
