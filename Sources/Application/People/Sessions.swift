import Domain
import EventLog
package import Foundation

/// Ends the session that a person makes the request in.
package struct LogOut: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  package func callAsFunction(of principal: Principal, from client: Client) async throws {
    try await people.end(principal.sessionID, of: principal.userID, cause: .logout, from: client)
  }
}

/// Ends all sessions of a person, this one with them.
package struct LogOutEverywhere: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  package func callAsFunction(of principal: Principal, from client: Client) async throws {
    try await people.handle(.endSessions, of: principal.userID, from: client)
  }
}

/// Ends a session of a person, from whichever they are in.
package struct RevokeSession: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  /// Throws the problem of a session that is not theirs.
  package func callAsFunction(_ session: UUID, of principal: Principal, from client: Client) async throws {
    try await people.end(session, of: principal.userID, cause: .revoked, from: client)
  }
}
