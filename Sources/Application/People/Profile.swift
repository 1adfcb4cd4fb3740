package import Domain
import EventLog
package import Foundation

/// A person as they see themselves.
package struct Profile: Sendable, Equatable {
  package let id: UUID
  /// The address as it is told from others, which is how it is shown, too.
  package let email: String
  /// Whether they have shown to read its mail.
  package let isVerified: Bool
  /// What they want to be called.
  package let name: String?
  /// By its name in the IANA database.
  package let timeZone: String?
  /// What they want no mails about.
  package let declinedNotices: Set<NoticeTopic>
  /// When they are erased, while they want it.
  package let deletionDue: Instant?
}

extension People {
  /// What is known of a person. Throws the error of a session that is over where they are no more.
  package func profile(_ user: User, of id: UUID) async throws -> Profile {
    guard user.isPresent else { throw AuthenticationError.sessionOver }
    let opened = try await vault.open([user.emailSealed, user.nameSealed].map { $0.map { Vault.Sealed($0, of: id) } })
    guard let email = opened[0] else { throw AuthenticationError.sessionOver }
    return Profile(
      id: id, email: email, isVerified: user.isVerified, name: opened[1], timeZone: user.timeZone,
      declinedNotices: user.declinedNotices,
      deletionDue: user.deletionDue)
  }
}
