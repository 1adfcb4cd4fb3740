import Domain
import EventLog
import Foundation

/// The link in the verification mail was opened.
struct VerifyEmail: Sendable {
  let people: People

  /// Throws the problem of a link that was used, has expired, or never was.
  func callAsFunction(token: String, from client: Client) async throws {
    let (user, proof) = try await people.proof(token, of: .verifyEmail)
    try await people.handle(.verifyEmail(proof), of: user, from: client)
    try await PersonalAccount(people: people).open(for: user, from: people.origin(client, user))
  }
}
