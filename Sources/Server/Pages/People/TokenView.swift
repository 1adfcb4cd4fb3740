import Domain
import HTTPTypes

/// A form that sends the token of a mail's link.
struct TokenView: Sendable {
  /// Nil where the link lost it.
  let token: String?
  let minimumLength = Password.minimumLength
  let general, passwordError: String?
  let status: HTTPResponse.Status

  init(_ token: String?, _ complaint: Complaint? = nil) {
    self.token = token.flatMap { $0.isEmpty ? nil : $0 }
    general = complaint?.general
    passwordError = complaint?.of("password")
    status = complaint?.problem.kind.status ?? .ok
  }
}
