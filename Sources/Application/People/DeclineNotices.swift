package import Domain
import EventLog
import Foundation

/// A person says what they want no mails about.
package struct DeclineNotices: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  /// The person as changed.
  package func callAsFunction(
    _ topics: Set<NoticeTopic>, of principal: Principal, from client: Client
  ) async throws -> User {
    try await decline(of: principal.userID, from: client) { _ in topics }
  }

  /// By the link of a mail: one topic more. Throws the error of a link that never was.
  package func callAsFunction(token text: String, from client: Client) async throws -> NoticeTopic {
    let key = try await people.secrets.key(.mailTokenKey)
    guard let token = UnsubscribeToken(parsing: text, key: key), try await people.user(token.user).isPresent else {
      throw AuthenticationError.linkNotValid
    }
    _ = try await decline(of: token.user, from: client) { $0.declinedNotices.union([token.topic]) }
    return token.topic
  }

  private func decline(
    of id: UUID, from client: Client, _ topics: @Sendable (User) -> Set<NoticeTopic>
  ) async throws -> User {
    let origin = try await people.origin(client, id)
    return try await people.log.handle(User.self, on: people.stream(id), from: origin) { user in
      let events = try user.decide(.decline(topics(user)))
      if !events.isEmpty { try await people.changes.take(id) }
      return events
    }.state
  }
}
