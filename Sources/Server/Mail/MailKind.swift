import Domain

/// What a mail is about. Its name is its template's, and in `operations.mails`.
public enum MailKind: String, Sendable, CaseIterable {
  case verifyEmail = "verify_email"
  case resetPassword = "reset_password"
  case changeEmail = "change_email"
  case alreadyRegistered = "already_registered"
  case emailChanged = "email_changed"
  case passwordChanged = "password_changed"
  case invitation
  case deletionRequested = "deletion_requested"
  case sessionStolen = "session_stolen"
  case quotaThreshold = "quota_threshold"
  case quotaExceeded = "quota_exceeded"

  /// What the token in it is made for; nil for mails that only tell.
  var tokenPurpose: String? {
    switch self {
    case .verifyEmail: TokenIssued.Purpose.verifyEmail.rawValue
    case .resetPassword: TokenIssued.Purpose.resetPassword.rawValue
    case .changeEmail: TokenIssued.Purpose.changeEmail.rawValue
    case .invitation: MailToken.invitation
    default: nil
    }
  }
}
