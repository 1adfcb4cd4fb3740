package import Domain
import EventLog
import Foundation

/// A person says what they are called and which time it is where they are.
package struct ChangeProfile: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  /// What to change: nil leaves a part as it is, `.some(nil)` takes it away.
  package struct Change: Sendable {
    package var name: String??
    package var timeZone: String??

    /// Changes nothing.
    package init() {}
  }

  /// The person as changed.
  package func callAsFunction(_ change: Change, of principal: Principal, from client: Client) async throws -> User {
    let id = principal.userID
    var nameSealed: String??
    if let name = change.name {
      nameSealed = if let name { .some(try await people.vault.seal(name, for: id)) } else { .some(nil) }
    }
    let origin = try await people.origin(client, id)
    let stream = people.stream(id)
    let (newName, newZone) = (nameSealed, change.timeZone)
    // Decided anew when another change got in between: that one's other part must stay.
    return try await people.log.handle(User.self, on: stream, from: origin) { user in
      let events = try user.decide(
        .changeProfile(nameSealed: newName ?? user.nameSealed, timeZone: newZone ?? user.timeZone))
      if !events.isEmpty { try await people.changes.take(id) }
      return events
    }.state
  }

  /// Long enough for any real name.
  package static let maximumNameLength = 100

  /// A name as it is kept, or nil for one that won't do.
  package static func name(_ text: String) -> String? {
    let name = text.trimmingCharacters(in: .whitespacesAndNewlines).precomposedStringWithCanonicalMapping
    return NameRule.takes(name, maximumCharacters: maximumNameLength) ? name : nil
  }
}
