import Domain
import EventLog
import Foundation

/// A person who is logged in sets another password: all their other sessions end.
package struct ChangePassword: Sendable {
  package let people: People
  package let rules: PasswordRules

  package init(people: People, rules: PasswordRules) {
    self.people = people
    self.rules = rules
  }

  /// Throws the error of a wrong current password, and that of a new one that won't do.
  package func callAsFunction(
    of principal: Principal, current: String, new text: String, from client: Client
  ) async throws {
    let user = try await CheckPassword(people: people)(current, of: principal, from: client)
    guard let from = user.passwordSealed else { throw AuthenticationError.wrongPassword }
    let address = try await people.vault.open(user.emailSealed, of: principal.userID).flatMap(EmailAddress.init)
    let password = try rules.password(text, of: address, field: "new_password")
    let sealed = try await people.vault.seal(try await people.hasher.hash(password), for: principal.userID)
    try await people.handle(
      .changePassword(passwordSealed: sealed, from: from, keeping: principal.sessionID), of: principal.userID,
      from: client)
  }
}

/// Asks who is logged in for their password again, before what a thief of a token must not do.
struct CheckPassword: Sendable {
  let people: People

  /// The person. Slowed down like log-ins: a stolen token must not allow more guesses.
  func callAsFunction(_ text: String, of principal: Principal, from client: Client) async throws -> User {
    let user = try await people.user(principal.userID)
    try await people.throttle.takePassword(session: principal.sessionID)
    var hash: String?
    if let sealed = user.passwordSealed { hash = try await people.vault.open(sealed, of: principal.userID) }
    guard let password = Password(claimed: text), try await people.hasher.verify(password, against: hash) else {
      throw AuthenticationError.wrongPassword
    }
    try await people.throttle.giveBackPassword(session: principal.sessionID)
    return user
  }
}
