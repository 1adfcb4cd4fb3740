import Foundation

/// What the events that mails tell of have in their data, as far as a mail needs it. Each event has some of it.
struct MailFacts: Decodable {
  var userID: UUID?
  var accountID: UUID?
  var invitationID: UUID?
  var tokenID: UUID?
  var purpose: String?
  var cause: String?
  var role: String?
  var emailSealed: String?
  /// Milliseconds since 1970-01-01T00:00:00Z.
  var expiresAt: Int64?
  /// Milliseconds since 1970-01-01T00:00:00Z.
  var dueAt: Int64?
  var used: Int?
  var limit: Int?

  init(of event: LoggedEvent) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(event.data.utf8))
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case accountID = "account_id"
    case invitationID = "invitation_id"
    case tokenID = "token_id"
    case purpose, cause, role
    case emailSealed = "email_sealed"
    case expiresAt = "expires_at"
    case dueAt = "due_at"
    case used, limit
  }
}
