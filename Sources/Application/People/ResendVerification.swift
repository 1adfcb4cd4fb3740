package import Domain
import EventLog
import Foundation

/// The verification mail got lost: another one is sent, if the address waits to be verified. Where several signed up with it, the mail
/// lets its reader choose a password instead: whose sign-up they mean can't be told.
package struct ResendVerification: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  package func callAsFunction(email: EmailAddress, from client: Client) async throws {
    let digest = try await people.vault.digest(email)
    try await people.throttle.take(.resend, digest: digest, client: client.network)
    guard let user = try await people.owner(of: digest), let id = user.id, !user.isVerified else { return }
    let verify = try await people.token(for: .verifyEmail, of: id)
    let reset = try await people.token(for: .resetPassword, of: id)
    try await people.handle(.mailAgain(verify: verify, reset: reset), of: id, from: client)
  }
}
