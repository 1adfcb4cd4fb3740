import Domain
import EventLog
package import Foundation

/// The link in the verification mail was opened: the sign-up that the mail belongs to is the person's, with its password. What others
/// who signed up with the address began ends.
package struct VerifyEmail: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  /// Whose address it is. Throws the error of a link that was used, has expired, or never was.
  package func callAsFunction(token: String, from client: Client) async throws -> UUID {
    let (id, proof) = try await people.proof(token, of: .verifyEmail)
    let user = try await people.user(id)
    guard user.isPresent else { throw AuthenticationError.linkNotValid }
    try await people.handle(.verifyEmail(proof), of: id, from: client)
    try await PersonalAccount(people: people).open(for: id, from: people.origin(client, id))
    if user.hasRivals { try await Reclaim(people: people)(id, from: client) }
    return id
  }
}
