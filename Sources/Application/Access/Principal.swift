package import Foundation

/// The person behind a request, and the log-in it came through.
package struct Principal: Sendable, Hashable {
  /// The person.
  package let userID: UUID
  /// Their log-in.
  package let sessionID: UUID

  /// A principal.
  package init(userID: UUID, sessionID: UUID) {
    self.userID = userID
    self.sessionID = sessionID
  }
}
