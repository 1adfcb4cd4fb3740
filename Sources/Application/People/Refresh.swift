import Domain
import EventLog
import Foundation

/// A session goes on: its refresh token is exchanged for new tokens.
///
/// Each is good once. One that comes again ends the session, for both who have it: who has stolen it can't be told from who has lost
/// the answer. There is no time of grace in which the old one works, so a client whose answer was lost logs in again.
package struct Refresh: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  /// Throws the error of a token that is not ours, was used, or whose session is over.
  package func callAsFunction(token text: String, from client: Client) async throws -> SessionTokens {
    guard let old = SessionToken(parsing: text, for: .refresh, key: try await people.secrets.key(.jwtKey)) else {
      throw AuthenticationError.invalidRefreshToken
    }
    let principal = old.principal
    let stream = people.stream(session: principal.sessionID, of: principal.userID)
    let session = try await people.log.load(Session.self, from: stream, last: 1).state
    guard session.userID == principal.userID,
      try await people.user(principal.userID).keeps(session: principal.sessionID, of: session.generation)
    else { throw Session.Failure.over }
    let tokens = try await people.tokens(of: principal, for: .refresh)
    let refreshed = SessionRefreshed(
      sessionID: principal.sessionID, userID: principal.userID, tokenHash: tokens.lasting.hash,
      expiresAt: tokens.expiresAt,
      generation: session.generation)
    let appended = try await people.log.handle(
      .refresh(tokenHash: old.hash, with: refreshed, now: people.clock.now), by: Session.self, on: stream,
      from: people.origin(client, principal.userID), last: 1)
    guard case .refreshed? = appended.events.first else { throw AuthenticationError.refreshTokenReused(principal) }
    return tokens
  }
}
