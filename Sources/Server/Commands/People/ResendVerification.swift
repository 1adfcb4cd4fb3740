import Domain
import EventLog
import Foundation

/// The verification mail got lost: another one is sent, if the address waits to be verified.
struct ResendVerification: Sendable {
  let people: People

  func callAsFunction(email: EmailAddress, from client: Client) async throws {
    let digest = try await people.vault.digest(email)
    try await people.throttle.take(.mail, digest: digest, client: client.network)
    guard let user = try await people.owner(of: digest), let id = user.id, !user.isVerified else { return }
    // Who was registered by an operator has nothing to verify before they have set a password, which verifies too.
    guard user.passwordSealed != nil else { return }
    try await people.handle(.issueToken(try await people.token(for: .verifyEmail, of: id)), of: id, from: client)
  }
}
