import Domain
import EventLog
import Foundation
import HTTPTypes
import Hummingbird

/// What leads to a session, and out of it. Answers that could tell whether an address is known are the same whether it is or not.
struct AuthRoutes: Sendable {
  let people: People
  let rules: PasswordRules
  let entrance: Entrance

  private var authenticator: Authenticator { entrance.authenticator }
  private var clients: Clients { entrance.clients }

  func add(to router: Router<RecountContext>) {
    let auth = router.group("/api/v1/auth")
    auth.post("sign-up", use: signUp)
    auth.post("verify", use: verify)
    auth.post("resend-verification", use: resend)
    auth.post("log-in", use: logIn)
    auth.post("refresh", use: refresh)
    auth.post("log-out", use: logOut)
    auth.post("log-out-everywhere", use: logOutEverywhere)
    auth.post("request-reset", use: requestReset)
    auth.post("reset", use: reset)
  }

  private func signUp(_ request: Request, _ context: RecountContext) async throws -> Response {
    let body = try await JSONBody(request, allowed: ["email", "password"])
    let email = try body.email("email")
    let password = try rules.password(try body.text("password"), of: email)
    let client = clients.client(of: request, context: context)
    try await people.evenly { try await SignUp(people: people)(email: email, password: password, from: client) }
    return .message(.accepted, "a mail is on its way to this address: open its link to verify it, then log in")
  }

  private func verify(_ request: Request, _ context: RecountContext) async throws -> Response {
    let token = try await JSONBody(request, allowed: ["token"]).text("token")
    let client = clients.client(of: request, context: context)
    let user = try await VerifyEmail(people: people)(token: token, from: client)
    authenticator.forget(user, ended: [])
    return .message(.ok, "the address is verified: log in")
  }

  private func resend(_ request: Request, _ context: RecountContext) async throws -> Response {
    let email = try await JSONBody(request, allowed: ["email"]).email("email")
    let client = clients.client(of: request, context: context)
    try await people.evenly { try await ResendVerification(people: people)(email: email, from: client) }
    return .message(.accepted, "if this address waits to be verified, another mail is on its way to it")
  }

  /// Only a failure takes its time: a success tells nothing to somebody who knows the password.
  private func logIn(_ request: Request, _ context: RecountContext) async throws -> Response {
    let body = try await JSONBody(request, allowed: ["email", "password", "device_token"])
    let email = try body.email("email")
    let device = try body.optionalText("device_token")
    let password = Password(claimed: try body.text("password"))
    let client = clients.client(of: request, context: context)
    let (tokens, token) = try await LogIn(people: people)(
      email: email, password: password, device: device, from: client)
    return try await answer(tokens, device: token)
  }

  private func refresh(_ request: Request, _ context: RecountContext) async throws -> Response {
    let token = try await JSONBody(request, allowed: ["refresh_token"]).text("refresh_token")
    let client = clients.client(of: request, context: context)
    do {
      return try await answer(try await Refresh(people: people)(token: token, from: client))
    } catch let error as RefreshTokenReused {
      authenticator.forget(error.principal.userID, ended: [error.principal.sessionID])
      throw error
    }
  }

  private func logOut(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await authenticator.principal(of: request)
    try await LogOut(people: people)(of: principal, from: clients.client(of: request, context: context))
    authenticator.forget(principal.userID, ended: [principal.sessionID])
    return .message(.ok, "you are logged out")
  }

  private func logOutEverywhere(_ request: Request, _ context: RecountContext) async throws -> Response {
    let principal = try await authenticator.principal(of: request)
    try await LogOutEverywhere(people: people)(of: principal, from: clients.client(of: request, context: context))
    authenticator.forget(principal.userID, ended: [principal.sessionID])
    return .message(.ok, "you are logged out everywhere")
  }

  private func requestReset(_ request: Request, _ context: RecountContext) async throws -> Response {
    let email = try await JSONBody(request, allowed: ["email"]).email("email")
    let client = clients.client(of: request, context: context)
    try await people.evenly { try await RequestReset(people: people)(email: email, from: client) }
    return .message(.accepted, "if somebody has this address, a mail with a link is on its way to it")
  }

  private func reset(_ request: Request, _ context: RecountContext) async throws -> Response {
    let body = try await JSONBody(request, allowed: ["token", "password"])
    let (token, password) = (try body.text("token"), try body.text("password"))
    let client = clients.client(of: request, context: context)
    let user = try await ResetPassword(people: people, rules: rules)(token: token, password: password, from: client)
    authenticator.forget(user, ended: [])
    return .message(.ok, "the password is set, and all sessions have ended: log in")
  }

  private func answer(_ tokens: SessionTokens, device: DeviceToken? = nil) async throws -> Response {
    var members: [String: JSONValue] = [
      "access_token": .string(try await authenticator.tokens.sign(tokens.access)), "token_type": "Bearer",
      "expires_in": .integer(Int(AccessToken.lifetime)), "refresh_token": .string(tokens.refresh.text),
      "refresh_expires_at": .time(tokens.expiresAt),
      "session_id": .string(tokens.principal.sessionID.uuidString.lowercased()),
    ]
    if let device { members["device_token"] = .string(device.text) }
    return .json(members)
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

extension JSONValue {
  /// A time, given in milliseconds since 1970.
  static func time(_ milliseconds: Int64) -> JSONValue {
    .string(Timestamp.text(Date(timeIntervalSince1970: Double(milliseconds) / 1000)))
  }
}

extension Response {
  /// An answer in words.
  static func message(_ status: HTTPResponse.Status, _ text: String) -> Response {
    var response = Response.json(["message": .string(text)])
    response.status = status
    return response
  }
}
