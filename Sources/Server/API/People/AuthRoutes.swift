import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// What leads to a session, and out of it. Answers that could tell whether an address is known are the same whether it is or not.
struct AuthRoutes: Sendable {
  let people: People
  let rules: PasswordRules
  let entrance: Entrance

  private var authenticator: Authenticator { entrance.authenticator }

  func add(to operations: inout Operations) {
    operations.add(.signUp, signUp)
    operations.add(.verifyEmail, verify)
    operations.add(.resendVerification, resend)
    operations.add(.logIn, logIn)
    operations.add(.refresh, refresh)
    operations.add(.logOut, logOut)
    operations.add(.logOutEverywhere, logOutEverywhere)
    operations.add(.requestReset, requestReset)
    operations.add(.resetPassword, reset)
  }

  private func signUp(_ call: Call) async throws -> Response {
    let body = try await call.body()
    let email = try body(Self.email)
    let password = try rules.password(try body(Self.password), of: email)
    let client = entrance.client(call)
    try await people.evenly { try await SignUp(people: people)(email: email, password: password, from: client) }
    return .message(.accepted, "a mail is on its way to this address: open its link to verify it, then log in")
  }

  private func verify(_ call: Call) async throws -> Response {
    let token = try await call.body()(Self.token)
    let user = try await VerifyEmail(people: people)(token: token, from: entrance.client(call))
    authenticator.forget(user, ended: [])
    return .message(.ok, "the address is verified: log in")
  }

  private func resend(_ call: Call) async throws -> Response {
    let email = try await call.body()(Self.email)
    let client = entrance.client(call)
    try await people.evenly { try await ResendVerification(people: people)(email: email, from: client) }
    return .message(.accepted, "if this address waits to be verified, another mail is on its way to it")
  }

  /// Only a failure takes its time: a success tells nothing to somebody who knows the password.
  private func logIn(_ call: Call) async throws -> Response {
    let body = try await call.body()
    let (tokens, device) = try await LogIn(people: people)(
      email: try body(Self.email), password: Password(claimed: try body(Self.knownPassword)),
      device: try body(Self.device), from: entrance.client(call))
    return try await answer(tokens, device: device)
  }

  private func refresh(_ call: Call) async throws -> Response {
    let token = try await call.body()(Self.refreshToken)
    do {
      return try await answer(try await Refresh(people: people)(token: token, from: entrance.client(call)))
    } catch AuthenticationError.refreshTokenReused(let principal) {
      authenticator.forget(principal.userID, ended: [principal.sessionID])
      throw AuthenticationError.refreshTokenReused(principal)
    }
  }

  private func logOut(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    try await LogOut(people: people)(of: principal, from: entrance.client(call))
    authenticator.forget(principal.userID, ended: [principal.sessionID])
    return .message(.ok, "you are logged out")
  }

  private func logOutEverywhere(_ call: Call) async throws -> Response {
    let principal = try await entrance.person(call)
    try await LogOutEverywhere(people: people)(of: principal, from: entrance.client(call))
    authenticator.forget(principal.userID, ended: [principal.sessionID])
    return .message(.ok, "you are logged out everywhere")
  }

  private func requestReset(_ call: Call) async throws -> Response {
    let email = try await call.body()(Self.email)
    let client = entrance.client(call)
    try await people.evenly { try await RequestReset(people: people)(email: email, from: client) }
    return .message(.accepted, "if somebody has this address, a mail with a link is on its way to it")
  }

  private func reset(_ call: Call) async throws -> Response {
    let body = try await call.body()
    let user = try await ResetPassword(people: people, rules: rules)(
      token: try body(Self.token), password: try body(Self.password), from: entrance.client(call))
    authenticator.forget(user, ended: [])
    return .message(.ok, "the password is set, and all sessions have ended: log in")
  }

  private func answer(_ tokens: SessionTokens, device: DeviceToken? = nil) async throws -> Response {
    let access = try await authenticator.tokens.sign(tokens.access)
    return .json(SignedIn(access: access, tokens: tokens, device: device), in: Self.tokens)
  }
}

extension JSONBody {
  /// An e-mail address that must be there.
  func email(_ name: String) throws -> EmailAddress {
    let text = try text(name)
    guard let email = EmailAddress(text) else {
      throw Self.invalid(name, text, allowed: "an address such as me@example.com")
    }
    return email
  }
}

extension Response {
  /// An answer in words.
  static func message(_ status: HTTPResponse.Status, _ text: String) -> Response {
    .json(text, in: .message, status: status)
  }
}
