import Domain
import EventLog
import Foundation

/// A person wants to be forgotten. Nothing happens for a while, in which they can think better of it.
struct RequestDeletion: Sendable {
  let people: People

  /// The person, with the time at which they will be erased. Asked again, it stays as it was.
  func callAsFunction(of principal: Principal, password: String, from client: Client) async throws -> User {
    _ = try await CheckPassword(people: people)(password, of: principal, from: client)
    let grace = Int64(people.settings.deletionGraceDays) * 86_400_000
    try await people.handle(
      .requestDeletion(due: people.clock.milliseconds + grace), of: principal.userID, from: client)
    return try await people.user(principal.userID)
  }
}

/// They have thought better of it.
struct CancelDeletion: Sendable {
  let people: People

  /// Throws `User.Failure.beingErased` when it is too late.
  func callAsFunction(of principal: Principal, from client: Client) async throws -> User {
    try await people.handle(.cancelDeletion(now: people.clock.milliseconds), of: principal.userID, from: client)
    return try await people.user(principal.userID)
  }
}
