import Domain
import EventLog
import Foundation

/// Ends the session that a person makes the request in.
struct LogOut: Sendable {
  let people: People

  func callAsFunction(of principal: Principal, from client: Client) async throws {
    try await people.end(principal.sessionID, of: principal.userID, cause: .logout, from: client)
  }
}

/// Ends all sessions of a person, this one with them.
struct LogOutEverywhere: Sendable {
  let people: People

  func callAsFunction(of principal: Principal, from client: Client) async throws {
    try await people.handle(.endSessions, of: principal.userID, from: client)
  }
}

/// Ends a session of a person, from whichever they are in.
struct RevokeSession: Sendable {
  let people: People

  /// Throws the problem of a session that is not theirs.
  func callAsFunction(_ session: UUID, of principal: Principal, from client: Client) async throws {
    try await people.end(session, of: principal.userID, cause: .revoked, from: client)
  }
}
