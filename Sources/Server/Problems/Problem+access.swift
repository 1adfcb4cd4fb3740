import Application
import Domain
import EventLog
import HTTPTypes

/// What is refused to whoever asks: as a person, with a key, or too often.
extension Problem {
  /// Nil for any other error.
  init?(access error: any Error) {
    switch error {
    case let error as AccessError: self.init(error)
    case let refusal as KeyRefusal: self.init(refusal)
    case let error as AuthenticationError: self.init(error)
    case let refused as InvitationRefused: self.init(refused)
    case let failure as User.Failure: self.init(failure)
    case Session.Failure.over, VaultError.erased: self.init(AuthenticationError.sessionOver)
    case let throttled as Throttled: self.init(throttled)
    case let throttled as CallsThrottled: self.init(throttled.allowance)
    case let refused as PasswordRefused:
      self = JSONBody.invalid(refused.field, refused.found, allowed: refused.allowed)
    case is PasswordsWaiting:
      self.init(
        .overloaded, "too many passwords are being checked: try again shortly", headers: [.retryAfter: "2"])
    default: return nil
    }
  }

  private init(_ error: AccessError) {
    switch error {
    case .noAccount: self.init(.accountNotFound, error.description)
    case .noProject: self.init(.projectNotFound, error.description)
    case .forbidden(let role, let action):
      self.init(
        .forbidden, error.description, members: ["role": .string(role.rawValue), "action": .string(action.rawValue)])
    }
  }

  private init(_ refusal: KeyRefusal) {
    switch refusal {
    case .missing, .missingReader: self.init(.missingKey, refusal.description)
    case .malformed: self.init(.malformedKey, refusal.description)
    case .unknown: self.init(.unknownKey, refusal.description)
    case .revoked: self.init(.revokedKey, refusal.description)
    case .expired, .retired: self.init(.expiredKey, refusal.description)
    case .withoutScope: self.init(.missingScope, refusal.description)
    case .otherMode(let mode, let asked):
      self.init(
        .missingScope, refusal.description,
        members: ["key_mode": .string(mode.rawValue), "mode": .string(asked.rawValue)])
    }
  }

  private init(_ error: AuthenticationError) {
    switch error {
    case .missingToken:
      self.init(.missingToken, "log in, and send the access token in `Authorization: Bearer …`")
    case .keyForToken:
      self.init(.invalidToken, "this is a project's API key: log in, and send the access token instead")
    case .invalidToken:
      self.init(.invalidToken, "the access token was not issued here or has expired: refresh it, or log in again")
    case .invalidRefreshToken: self.init(.invalidToken, "the refresh token was not issued here: log in")
    case .sessionOver: self.init(.sessionEnded, "this session is over: log in again")
    case .refreshTokenReused:
      self.init(
        .sessionEnded,
        "this refresh token was used before, so somebody else may have it: the session has ended for both, log in again"
      )
    case .wrongCredentials:
      self.init(
        .wrongCredentials,
        "no person has this address and password, or the address is not verified yet: open the link in the mail, or ask for another"
      )
    case .wrongPassword: self.init(.wrongPassword, "this is not your current password")
    case .linkNotValid:
      self.init(.linkNotValid, "the token was used, has expired, or was not sent from here: ask for another mail")
    case .emailTaken: self.init(.emailTaken, "another person has this address by now")
    case .noSuchSession(let session): self.init(.sessionNotFound, "you have no session \(session.text)")
    }
  }

  private init(_ refused: InvitationRefused) {
    switch refused {
    case .noToken:
      self = JSONBody.invalid(
        "token", "a text that no invitation holds", allowed: "the token of the link in the mail, whole")
    case .forAnother:
      self.init(
        .invitationForAnother,
        "the invitation was sent to another address than yours: log in as its owner, or ask to be invited under your address"
      )
    }
  }

  private init(_ failure: User.Failure) {
    switch failure {
    case .absent: self.init(AuthenticationError.sessionOver)
    case .invalidToken: self.init(AuthenticationError.linkNotValid)
    case .passwordChanged: self.init(AuthenticationError.wrongPassword)
    case .beingErased: self.init(.beingErased, "the time to think better of it has passed: this person is being erased")
    case .notDue: self.init(.internalError, "this person is not to be erased now")
    }
  }

  private init(_ throttled: Throttled) {
    let seconds = throttled.seconds
    let headers: HTTPFields = [.retryAfter: "\(seconds)"]
    if let limit = throttled.changesPerDay {
      self.init(
        .tooManyAttempts, "\(limit) changes were made in a day: wait \(seconds) seconds for the next",
        members: ["retry_after": .integer(Int(seconds)), "limit": .integer(Int(limit))], headers: headers)
    } else {
      self.init(
        .tooManyAttempts, "too many attempts: wait \(seconds) seconds",
        members: ["retry_after": .integer(Int(seconds))],
        headers: headers)
    }
  }

  private init(_ allowance: CallAllowance) {
    let (wait, whole) = (allowance.secondsToWait, allowance.whole)
    let who = allowance.isOfAccount ? "all keys of the account together" : "each of the account's keys"
    let what =
      allowance.buckets.requests.gives
      ? "\(whole.bytesPerSecond) bytes of bodies a second" : "\(whole.requestsPerSecond) calls a second"
    self.init(
      .throttled,
      "\(who) may send \(what), \(CallRate.burstSeconds) seconds' worth at once; nothing of this call was recorded: send it again "
        + "after \(wait) s, gather more events in a call, compress bodies, or upgrade the tier",
      members: [
        "requests_per_second": .integer(whole.requestsPerSecond), "bytes_per_second": .integer(whole.bytesPerSecond),
        "retry_after_seconds": .integer(wait),
      ],
      headers: [.retryAfter: "\(wait)", .rateLimitPolicy: allowance.policies, .rateLimit: allowance.left])
  }
}
