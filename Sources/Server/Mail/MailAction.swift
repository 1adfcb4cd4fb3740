import Foundation

/// What a mail asks its reader to do, in the three ways that they can: a page, the token alone, a call of the API.
struct MailAction: Sendable {
  let link: String
  let token: String
  let command: String

  /// The pages and calls that take a token. Links must go on working for as long as mails lie about: change none.
  private static func places(_ kind: MailKind) -> (page: String, call: String)? {
    switch kind {
    case .verifyEmail: ("/verify", "/api/v1/auth/verify")
    case .resetPassword: ("/reset-password", "/api/v1/auth/reset")
    case .changeEmail: ("/change-email", "/api/v1/me/email/confirm")
    case .invitation: ("/invitation", "/api/v1/invitations/accept")
    default: nil
    }
  }

  /// What the call takes beside the token.
  private static func more(_ kind: MailKind) -> (header: String, member: String) {
    switch kind {
    case .resetPassword: ("", #", "password": "NEW PASSWORD""#)
    // Only who is logged in can join, or change what is theirs.
    case .invitation, .changeEmail: (" -H 'Authorization: Bearer ACCESS TOKEN'", "")
    default: ("", "")
    }
  }

  /// Nil for mails that only tell. `base` has no slash at its end.
  init?(_ kind: MailKind, token: String, base: String) {
    guard let (page, call) = Self.places(kind) else { return nil }
    self.token = token
    link = "\(base)\(page)?token=\(token)"
    let (header, member) = Self.more(kind)
    command = """
      curl \(base)\(call) -H 'Content-Type: application/json'\(header) \\
        -d '{"token": "\(token)"\(member)}'
      """
  }
}
