package import Domain
import EventLog
import Foundation

/// A person wants to be forgotten. Nothing happens for a while, in which they can think better of it.
package struct RequestDeletion: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  /// The person, with the time at which they will be erased. Asked again, it stays as it was.
  package func callAsFunction(of principal: Principal, password: String, from client: Client) async throws -> User {
    _ = try await CheckPassword(people: people)(password, of: principal, from: client)
    let grace = Duration.days(Int64(people.settings.deletionGraceDays))
    let user = try await people.handle(
      .requestDeletion(due: people.clock.now + grace), of: principal.userID, from: client
    ).state
    await people.stopPaying(principal.userID, try await people.origin(client, principal.userID))
    return user
  }
}

/// They have thought better of it.
package struct CancelDeletion: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  /// Throws `User.Failure.beingErased` when it is too late.
  package func callAsFunction(of principal: Principal, from client: Client) async throws -> User {
    let user = try await people.handle(
      .cancelDeletion(now: people.clock.now), of: principal.userID, from: client
    ).state
    await people.goOnPaying(principal.userID, try await people.origin(client, principal.userID))
    return user
  }
}
