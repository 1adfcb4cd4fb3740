import Domain
import EventLog
import Foundation

/// The link in the verification mail was opened: the sign-up that the mail belongs to is the person's, with its password. What others
/// who signed up with the address began ends.
struct VerifyEmail: Sendable {
  let people: People

  /// Whose address it is. Throws the problem of a link that was used, has expired, or never was.
  func callAsFunction(token: String, from client: Client) async throws -> UUID {
    let (id, proof) = try await people.proof(token, of: .verifyEmail)
    let user = try await people.user(id)
    guard user.isPresent else { throw Problem.linkNotValid }
    try await people.handle(.verifyEmail(proof), of: id, from: client)
    try await PersonalAccount(people: people).open(for: id, from: people.origin(client, id))
    if user.hasRivals { try await Reclaim(people: people)(id, from: client) }
    return id
  }
}
