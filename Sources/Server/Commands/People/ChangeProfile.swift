import Domain
import EventLog
import Foundation

/// A person says what they are called and which time it is where they are.
struct ChangeProfile: Sendable {
  let people: People

  /// What to change: nil leaves a part as it is, `.some(nil)` takes it away.
  struct Change: Sendable {
    var name: String??
    var timeZone: String??
  }

  /// The person as changed.
  func callAsFunction(_ change: Change, of principal: Principal, from client: Client) async throws -> User {
    let id = principal.userID
    var nameSealed: String??
    if let name = change.name {
      nameSealed = if let name { .some(try await people.vault.seal(name, for: id)) } else { .some(nil) }
    }
    let origin = try await people.origin(client, id)
    let stream = people.stream(id)
    let (newName, newZone) = (nameSealed, change.timeZone)
    // Decided anew when another change got in between: that one's other part must stay.
    let appended = try await people.log.handle(on: stream.name) {
      let (user, version) = try await people.log.load(User.self, from: stream)
      let events = try user.decide(
        .changeProfile(nameSealed: newName ?? user.nameSealed, timeZone: newZone ?? user.timeZone))
      if !events.isEmpty { try await people.changes.take(id) }
      return Prepared(
        events: events, units: try Log.units(events, on: stream, after: version, from: origin), shard: stream.shard)
    }
    var user = try await people.user(id)
    // Their own words, not those of whoever came after.
    appended.events.forEach { user.evolve($0) }
    return user
  }

  /// Long enough for any real name.
  static let maximumNameLength = 100

  /// A name as it is kept, or nil for one that won't do.
  static func name(_ text: String) -> String? {
    let name = text.trimmingCharacters(in: .whitespacesAndNewlines).precomposedStringWithCanonicalMapping
    return NameRule.takes(name, maximumCharacters: maximumNameLength) ? name : nil
  }
}
