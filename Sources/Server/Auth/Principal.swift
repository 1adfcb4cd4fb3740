public import Foundation

/// The person behind a request, and the log-in it came through.
public struct Principal: Sendable, Hashable {
  /// The person.
  public let userID: UUID
  /// Their log-in.
  public let sessionID: UUID

  /// A principal.
  public init(userID: UUID, sessionID: UUID) {
    self.userID = userID
    self.sessionID = sessionID
  }
}
