import Application
import Domain
import Foundation
import HTTPTypes

/// What a person sees of themselves, and changes.
extension Operation {
  static let showMe = Operation(
    .get, "/api/v1/me", id: "showMe", .people, "See yourself and your accounts",
    note: "As it is this moment, whether the read models have come to it or not.", right: .person,
    answer: OperationAnswer(.ok, MeRoutes.person, "You."))

  static let changeMe = Operation(
    .patch, "/api/v1/me", id: "changeMe", .people, "Change name and time zone",
    note: "What is left out stays as it is.", right: .person,
    body: .object(Body(MeRoutes.name, MeRoutes.timeZone)),
    answer: OperationAnswer(.ok, MeRoutes.person, "You, as changed."), problems: [.tooManyAttempts])

  static let deleteMe = Operation(
    .delete, "/api/v1/me", id: "deleteMe", .people, "Ask to be erased",
    note:
      "After a grace period (30 days, unless the operator says otherwise) your data is erased, and the accounts that you alone "
      + "own are closed. Until then `restore` takes it back.",
    right: .person, body: .object(Body(AuthRoutes.knownPassword)),
    answer: OperationAnswer(.accepted, MeRoutes.person, "You, with the time at which you will be erased."),
    problems: [.wrongPassword, .tooManyAttempts])

  static let restoreMe = Operation(
    .post, "/api/v1/me/restore", id: "restoreMe", .people, "Take back the wish to be erased",
    note: "Until the grace period has passed. Who has no such wish stays as they are.", right: .person,
    answer: OperationAnswer(.ok, MeRoutes.person, "You."), problems: [.beingErased])

  static let changePassword = Operation(
    .post, "/api/v1/me/password", id: "changePassword", .people, "Set another password",
    note: "All your other sessions end.", right: .person,
    body: .object(Body(MeRoutes.currentPassword, MeRoutes.newPassword)),
    answer: .message(.ok, "The password is changed."), problems: [.wrongPassword, .tooManyAttempts])

  static let changeEmail = Operation(
    .post, "/api/v1/me/email", id: "changeEmail", .people, "Ask to move to another address",
    note:
      "A mail with a link goes to the new address. Whether somebody else has it is not said before the link is opened.",
    right: .person, body: .object(Body(AuthRoutes.email, AuthRoutes.knownPassword)),
    answer: .message(.accepted, "A mail is on its way."), problems: [.wrongPassword, .tooManyAttempts])

  static let confirmEmail = Operation(
    .post, "/api/v1/me/email/confirm", id: "confirmEmail", .people,
    "Move to the new address with the token from the mail",
    note:
      "The old address becomes free, and links that were mailed to it work no more. A token that was sent to somebody else is "
      + "none of yours.",
    right: .person, body: .object(Body(AuthRoutes.token)),
    answer: OperationAnswer(.ok, MeRoutes.person, "You, at the new address."), problems: [.linkNotValid, .emailTaken])

  static let sessions = Operation(
    .get, "/api/v1/me/sessions", id: "sessions", .people, "See where you are logged in",
    note: "All of your sessions that go on, this one among them.", right: .person,
    answer: OperationAnswer(.ok, MeRoutes.listed, "Your sessions, the last used first."))

  static let endSession = Operation(
    .delete, "/api/v1/me/sessions/{session_id}", id: "endSession", .people, "End one of your sessions",
    note: "Its tokens open nothing from now on. One that is over already stays so.", right: .person,
    answer: .message(.ok, "The session has ended."), problems: [.sessionNotFound])
}

extension MeRoutes {
  static let name = Member<String?>(
    "name", Schema.text(1...ChangeProfile.maximumNameLength).orNull, note: "null takes it away.", isRequired: false
  ) { body in
    guard let text = try body.optionalText("name") else { return nil }
    guard let name = ChangeProfile.name(text) else {
      throw JSONBody.invalid(
        "name", text,
        allowed: "\(NameRule.allowed(maximumCharacters: ChangeProfile.maximumNameLength)); or null for none")
    }
    return name
  }

  static let timeZone = Member<String?>(
    "time_zone", Schema.string.orNull,
    note: "A name of the IANA time zone database, such as Europe/Berlin; null takes it away.", isRequired: false
  ) { body in
    guard let zone = try body.optionalText("time_zone") else { return nil }
    guard TimeZoneName.isOne(zone) else {
      throw JSONBody.invalid(
        "time_zone", zone, allowed: "a name of the IANA database such as Europe/Berlin, or null for none")
    }
    return zone
  }

  static let currentPassword = Member<String>.text("current_password", "As it was set.")
  static let newPassword = AuthRoutes.newPassword("new_password")

  static let person = Shape<Person>(
    "Person",
    [
      .id("user_id") { $0.profile.id }, .text("email") { $0.profile.email },
      .boolean("email_verified") { $0.profile.isVerified }, .optionalText("name") { $0.profile.name },
      .optionalText("time_zone") { $0.profile.timeZone },
      .optionalTime("deletion_due_at", "When you will be erased, if you asked for it.") { $0.profile.deletionDue },
      .list("accounts", of: membership, "The first \(mostAccounts); /api/v1/accounts has them all.") { $0.accounts },
    ])

  private static let membership = Shape<Membership>([
    .id("account_id") { $0.account.id }, .word("role") { $0.role }, .word("tier") { $0.account.tier },
  ])

  /// Of those that a person's own answer names.
  static let mostAccounts = 100

  static let session = Shape<SessionSeen>(
    "Session",
    [
      .id("session_id") { $0.session.id },
      .boolean("current", "Whether it is the one that asks.") { $0.session.id == $0.from },
      .optionalText("address", "Network address of the log-in.") { $0.session.client?.address },
      .optionalText("user_agent", "Of the log-in.") { $0.session.client?.userAgent },
      .time("started_at") { $0.session.startedAt },
      .time("last_used_at", "When its refresh token was last used.") { $0.session.lastUsedAt },
      .time("expires_at") { $0.session.expiresAt },
    ])

  static let listed = Shape<Answered<[SessionSeen]>>([.list("sessions", of: session) { $0.value }, .asOf { $0.asOf }])
}

/// A person, with the accounts that they may act for.
struct Person: Sendable {
  let profile: Profile
  let accounts: [Membership]
}

/// One of a person's sessions, seen from another or from itself.
struct SessionSeen: Sendable {
  let session: ListedSession
  let from: UUID
}
