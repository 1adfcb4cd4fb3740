package import Domain
import EventLog
import Foundation

/// A person signs up: three appends, since an address, a person and an account may live on different shards; each can be repeated.
///
/// 1. The address becomes theirs, or turns out to be somebody's.
/// 2. They are registered with password and verification token, all at once. Whoever is registered already, and verified, gets a mail
///    that says so instead, and the caller the same answer. Before that anybody may have signed up with the address: each further
///    sign-up gets a mail of its own, and has its own password in force once that mail's link is opened. Who was registered by an
///    operator gets a link to choose a password.
/// 3. Their account is opened.
package struct SignUp: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  /// Always works, as far as the caller can tell.
  package func callAsFunction(email: EmailAddress, password: Password, from client: Client) async throws {
    let digest = try await people.vault.digest(email)
    try await people.throttle.take(.signUp, digest: digest, client: client.network)
    // Also for an address that is taken: it must take as long.
    let hash = try await people.hasher.hash(password)
    let user = try await claim(digest)
    let origin = try await people.origin(client, user)
    let appended = try await people.log.handle(
      try await command(email, digest, hash, user), by: User.self, on: people.stream(user), from: origin)
    guard case .registered? = appended.events.first else { return }
    try await PersonalAccount(people: people).open(for: user, from: origin)
  }

  private func command(_ email: EmailAddress, _ digest: String, _ hash: String, _ user: UUID) async throws
    -> User.Command
  {
    let vault = people.vault
    let registration = UserRegistered(
      userID: user, emailDigest: digest, emailSealed: try await vault.seal(email.normalized, for: user))
    return .signUp(
      registration, passwordSealed: try await vault.seal(hash, for: user),
      token: try await people.token(for: .verifyEmail, of: user),
      welcome: try await people.token(for: .setPassword, of: user))
  }

  /// The person whose the address is now.
  private func claim(_ digest: String) async throws -> UUID {
    let candidate = people.newID()
    let claim = EmailClaim.Command.claim(EmailClaimed(emailDigest: digest, userID: candidate))
    do {
      try await people.log.handle(claim, by: EmailClaim.self, on: .email(digest, shards: people.log.shards))
      return candidate
    } catch EmailClaim.Failure.taken(let owner) {
      return owner
    }
  }
}
