package import Domain
import EventLog
package import Foundation

/// What somebody who logged in goes on with.
package struct SessionTokens: Sendable {
  package let principal: Principal
  /// Good for a quarter of an hour.
  package let access: AccessToken
  /// What the session goes on by: of the API a refresh token, good once; of a browser its cookie.
  package let lasting: SessionToken
  /// When the session is over unless refreshed.
  package let expiresAt: Instant
}

extension People {
  /// New tokens of a session; nothing is recorded yet.
  package func tokens(of principal: Principal, for use: SessionToken.Use) async throws -> SessionTokens {
    let now = clock.now
    return SessionTokens(
      principal: principal, access: AccessToken(principal, now: now),
      lasting: SessionToken(of: principal, for: use, key: try await secrets.key(.jwtKey)),
      expiresAt: now + SessionToken.lifetime)
  }

  /// Ends one session of a person; nothing happens to one that is over. Throws the error of one that is not theirs.
  package func end(
    _ session: UUID, of user: UUID, cause: SessionEnded.Cause, from client: Client
  ) async throws {
    let stream = stream(session: session, of: user)
    guard try await log.load(Session.self, from: stream, last: 1).state.userID == user else {
      throw AuthenticationError.noSuchSession(session)
    }
    let ended = SessionEnded(sessionID: session, userID: user, cause: cause)
    try await log.handle(
      .end(ended), by: Session.self, on: stream, from: try await origin(client, user), last: 1)
  }
}
