package import Domain
import EventLog
package import Foundation

/// Somebody forgot a password: a mail with a link is sent, if anybody has the address.
package struct RequestReset: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  package func callAsFunction(email: EmailAddress, from client: Client) async throws {
    let digest = try await people.vault.digest(email)
    try await people.throttle.take(.reset, digest: digest, client: client.network)
    guard let id = try await people.owner(of: digest)?.id else { return }
    try await people.handle(.issueToken(try await people.token(for: .resetPassword, of: id)), of: id, from: client)
  }
}

/// The link in that mail was opened, and a new password given: all sessions end. Who was never verified is now, and what was done in
/// their name before is undone; likewise where, within days, the wrong one of several who signed up was taken for them.
package struct ResetPassword: Sendable {
  package let people: People
  package let rules: PasswordRules

  package init(people: People, rules: PasswordRules) {
    self.people = people
    self.rules = rules
  }

  /// Whose it is. Throws the error of a link that was used, has expired, or never was, and of a password that won't do.
  package func callAsFunction(token: String, password text: String, from client: Client) async throws -> UUID {
    let (id, proof) = try await people.proof(token, of: .resetPassword, .setPassword)
    let user = try await people.user(id)
    guard user.isPresent else { throw AuthenticationError.linkNotValid }
    // Before the password is looked at: what is wrong with it is only of interest to who may set it.
    _ = try user.decide(.resetPassword(proof, passwordSealed: ""))
    let address = try await people.vault.open(user.emailSealed, of: id).flatMap(EmailAddress.init)
    let hash = try await people.hasher.hash(try rules.password(text, of: address))
    let sealed = try await people.vault.seal(hash, for: id)
    let isDoubtful = user.isDoubtful(at: people.clock.now)
    // Before, so that a crash leaves nothing that the link, which works once, could not end any more; and after, for what a session
    // that ends only now did meanwhile.
    if isDoubtful { try await Reclaim(people: people)(id, from: client) }
    try await people.handle(.resetPassword(proof, passwordSealed: sealed), of: id, from: client)
    try await PersonalAccount(people: people).complete(user, from: client)
    if isDoubtful { try await Reclaim(people: people)(id, from: client) }
    try await people.throttle.forget(digest: user.emailDigest)
    return id
  }
}
