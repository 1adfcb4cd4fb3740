import Application
import Domain
import Foundation
import HTTPTypes

/// What leads to a session, and out of it.
extension Operation {
  static let signUp = Operation(
    .post, "/api/v1/auth/sign-up", id: "signUp", .people, "Sign up with an address and a password",
    note:
      "A mail with a link goes to the address. The answer is the same, and takes as long, whether anybody has the address or "
      + "not. Who signs up gets a free account, and logs in once the address is verified. Of several who sign up with one address "
      + "before it is verified, the one whose mail's link is opened is the person, with the password of that sign-up.",
    right: .nobody, body: .object(Body(AuthRoutes.email, AuthRoutes.password)),
    answer: .message(.accepted, "A mail is on its way."), problems: [.tooManyAttempts])

  static let verifyEmail = Operation(
    .post, "/api/v1/auth/verify", id: "verifyEmail", .people, "Verify an address with the token from a mail",
    note:
      "The sign-up that the mail belongs to is the person's, with its password; what others who signed up with the address "
      + "began ends.",
    right: .nobody, body: .object(Body(AuthRoutes.token)), answer: .message(.ok, "The address is verified."),
    problems: [.linkNotValid, .projectionStopped])

  static let resendVerification = Operation(
    .post, "/api/v1/auth/resend-verification", id: "resendVerification", .people, "Ask for another verification mail",
    note:
      "The answer is the same, and takes as long, whether anybody has the address or not. Where several signed up with the "
      + "address, the link lets the reader choose a password instead.",
    right: .nobody, body: .object(Body(AuthRoutes.email)),
    answer: .message(.accepted, "A mail is on its way, if the address waits to be verified."),
    problems: [.tooManyAttempts])

  static let logIn = Operation(
    .post, "/api/v1/auth/log-in", id: "logIn", .people, "Log in",
    note:
      "Wrong passwords, unknown addresses and addresses that are not verified yet get the same answer after the same time. They "
      + "slow down further attempts at the address from the same client, and at any address from it; others' attempts at the address "
      + "delay the answer by three seconds at most. A known device is counted by itself, and a reset clears what counted.",
    right: .nobody, body: .object(Body(AuthRoutes.email, AuthRoutes.knownPassword, AuthRoutes.device)),
    answer: OperationAnswer(.ok, AuthRoutes.tokens, "A session has started."),
    // Over at once: of who is erased while they log in.
    problems: [.wrongCredentials, .sessionEnded, .tooManyAttempts])

  static let refresh = Operation(
    .post, "/api/v1/auth/refresh", id: "refresh", .people, "Exchange a refresh token for new tokens",
    note:
      "A refresh token is good once. One that comes a second time ends the session, whoever sends it. There is no time of "
      + "grace: a client that lost the answer logs in again.",
    right: .nobody, body: .object(Body(AuthRoutes.refreshToken)),
    answer: OperationAnswer(.ok, AuthRoutes.tokens, "The session goes on."), problems: [.invalidToken, .sessionEnded])

  static let logOut = Operation(
    .post, "/api/v1/auth/log-out", id: "logOut", .people, "End this session",
    note: "Its tokens open nothing from now on. Your other sessions go on.", right: .person,
    answer: .message(.ok, "The session has ended."))

  static let logOutEverywhere = Operation(
    .post, "/api/v1/auth/log-out-everywhere", id: "logOutEverywhere", .people, "End all of your sessions",
    note: "This one with them. Devices that you logged in with are strangers again.", right: .person,
    answer: .message(.ok, "All sessions have ended."))

  static let requestReset = Operation(
    .post, "/api/v1/auth/request-reset", id: "requestReset", .people, "Ask for a mail to set a new password",
    note: "The answer is the same, and takes as long, whether anybody has the address or not.", right: .nobody,
    body: .object(Body(AuthRoutes.email)),
    answer: .message(.accepted, "A mail is on its way, if anybody has the address."), problems: [.tooManyAttempts])

  static let resetPassword = Operation(
    .post, "/api/v1/auth/reset", id: "resetPassword", .people, "Set a new password with the token from a mail",
    note:
      "All sessions end. The address counts as verified; where it was not, or several had signed up with it within three days, "
      + "so do keys, invitations and members that came by this person before.",
    right: .nobody, body: .object(Body(AuthRoutes.token, AuthRoutes.password)),
    answer: .message(.ok, "The password is set."), problems: [.linkNotValid, .projectionStopped])
}

extension AuthRoutes {
  static let email = Member<EmailAddress>.email(
    "email", "An e-mail address. Case and Unicode variants are the same address.")
  static let password = newPassword("password")
  static let knownPassword = Member<String>.text("password", "As it was set.")
  static let device = Member<String?>.optionalText(
    "device_token", "What the last log-in here answered, if there was one.")
  static let token = Member<String>.text("token", "The token from the mail's link. Good once.")
  static let refreshToken = Member<String>.text("refresh_token", "What logging in, or the last refresh, answered.")

  /// A password that is being chosen.
  static func newPassword(_ name: String) -> Member<String> {
    .text(
      name,
      "Any \(Password.minimumLength) characters or more, up to \(Password.maximumBytes) bytes of UTF-8, that nobody would guess "
        + "first. No rules of composition; normalised to NFKC.",
      .text(Password.minimumLength...Password.maximumBytes))
  }

  static let tokens = Shape<SignedIn>(
    "SessionTokens",
    [
      .text("access_token", "For `Authorization: Bearer …`.") { $0.access },
      Field("token_type", .constant("Bearer")) { _ in "Bearer" },
      .integer("expires_in", "Seconds for which the access token is good.") { _ in
        Int(AccessToken.lifetime.wholeSeconds)
      },
      .text("refresh_token", "Good once, for new tokens.") { $0.tokens.lasting.text },
      .time("refresh_expires_at") { $0.tokens.expiresAt },
      .id("session_id") { $0.tokens.principal.sessionID },
      Field(
        "device_token", .string,
        note:
          "Of a log-in: keep it where you log in from, and send it with the next one. It opens nothing; others' wrong guesses "
          + "don't slow its holder down. Good until all sessions end together.", isOptional: true
      ) { $0.device.map { .string($0.text) } },
    ])
}

/// What somebody goes on with: tokens of a session, and what their device is known by where they have just logged in.
struct SignedIn: Sendable {
  /// Signed.
  let access: String
  let tokens: SessionTokens
  var device: DeviceToken?
}
