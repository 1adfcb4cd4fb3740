import Domain
import EventLog

extension Problem {
  /// What people's commands throw. Nil for any other error.
  init?(people error: any Error) {
    switch error {
    case let failure as User.Failure: self.init(failure)
    case Session.Failure.over: self = .sessionEnded
    case VaultError.erased: self = .sessionEnded
    case is RefreshTokenReused:
      self.init(
        .sessionEnded,
        "this refresh token was used before, so somebody else may have it: the session has ended for both, log in again"
      )
    default: return nil
    }
  }

  private init(_ failure: User.Failure) {
    switch failure {
    case .absent: self = .sessionEnded
    case .invalidToken: self = .linkNotValid
    case .passwordChanged: self = .wrongPassword
    case .beingErased: self.init(.beingErased, "the time to think better of it has passed: this person is being erased")
    case .notDue: self.init(.internalError, "this person is not to be erased now")
    }
  }

  static var sessionEnded: Problem { Problem(.sessionEnded, "this session is over: log in again") }

  static var linkNotValid: Problem {
    Problem(.linkNotValid, "the token was used, has expired, or was not sent from here: ask for another mail")
  }

  static var wrongPassword: Problem { Problem(.wrongPassword, "this is not your current password") }
}
