package import Domain
import EventLog

/// A browser's session goes on: who comes back within its lifetime stays logged in.
package struct Prolong: Sendable {
  package let people: People

  package init(people: People) { self.people = people }

  /// An event a day at most, however many pages somebody looks at.
  private static let interval = Duration.days(1)

  /// Whether a session that ends at this time should be prolonged now.
  package func isDue(end: Instant) -> Bool {
    end - people.clock.now < SessionToken.lifetime - Self.interval
  }

  /// The cookie stays what it is: two tabs of a browser show the same. Throws `Session.Failure.over`.
  package func callAsFunction(_ token: SessionToken, from client: Client) async throws {
    let principal = token.principal
    let stream = people.stream(session: principal.sessionID, of: principal.userID)
    let session = try await people.log.load(Session.self, from: stream, last: 1).state
    let prolonged = SessionRefreshed(
      sessionID: principal.sessionID, userID: principal.userID, tokenHash: token.hash,
      expiresAt: people.clock.now + SessionToken.lifetime, generation: session.generation)
    try await people.log.handle(
      .refresh(tokenHash: token.hash, with: prolonged, now: people.clock.now), by: Session.self, on: stream,
      from: people.origin(client, principal.userID), last: 1)
  }
}
