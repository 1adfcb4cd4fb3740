import Domain
import HTTPTypes

/// The form to sign up.
struct SignUpView: Sendable {
  let email: String
  let tier: TierChoice?
  let minimumLength = Password.minimumLength
  let general, emailError, passwordError: String?
  let status: HTTPResponse.Status

  init(_ tier: String?, email: String = "", _ complaint: Complaint? = nil) {
    self.email = email
    self.tier = tier.flatMap(Tier.init(rawValue:)).map(TierChoice.init)
    general = complaint?.general
    emailError = complaint?.of("email")
    passwordError = complaint?.of("password")
    status = complaint?.problem.kind.status ?? .ok
  }
}

/// A tier that somebody chose before they signed up.
struct TierChoice: Sendable {
  let word: String
  let name: String

  init(_ tier: Tier) {
    word = tier.rawValue
    name = tier.rawValue.prefix(1).uppercased() + tier.rawValue.dropFirst()
  }
}

/// That a mail is on its way.
struct CheckMailView: Sendable {
  let isSignUp, isReset, isVerification: Bool
  let email: String
  let general, emailError: String?

  init(purpose: String?, email: String = "", _ complaint: Complaint? = nil) {
    (isReset, isVerification) = (purpose == "reset", purpose == "verification")
    isSignUp = !isReset && !isVerification
    self.email = email
    general = complaint?.general
    emailError = complaint?.of("email")
  }
}

/// The form to log in.
struct LogInView: Sendable {
  let next: String?
  let email: String
  let general, emailError: String?
  let status: HTTPResponse.Status

  init(next: Place?, email: String = "", _ complaint: Complaint? = nil) {
    self.next = next?.path
    self.email = email
    general = complaint?.general
    emailError = complaint?.of("email")
    status = complaint?.problem.kind.status ?? .ok
  }
}

/// The form that asks for a mail to choose another password.
struct ForgotView: Sendable {
  let email: String
  let general, emailError: String?
  let status: HTTPResponse.Status

  init(email: String = "", _ complaint: Complaint? = nil) {
    self.email = email
    general = complaint?.general
    emailError = complaint?.of("email")
    status = complaint?.problem.kind.status ?? .ok
  }
}
