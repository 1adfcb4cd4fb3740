import Domain

extension Notice {
  /// Everything that people are told of. A new one is a line here and its template in MailTemplates/; tests hold the two against each
  /// other, and against the events' schemas.
  static let all = tokens + people + quotas + payments + subscriptions + upgrades + keys + members + channels

  private static let tokens = [
    Notice(
      "verify_email", of: TokenIssued.self, where: { $0.purpose == .verifyEmail }, to: .subject(\.userID),
      saying: [.at, .time("expires", \.expiresAt)],
      asking: token(.verifyEmail, page: "/verify", call: "/api/v1/auth/verify")),
    Notice(
      "reset_password", of: TokenIssued.self, where: { $0.purpose == .resetPassword }, to: .subject(\.userID),
      saying: [.time("expires", \.expiresAt)],
      asking: token(.resetPassword, page: "/reset-password", call: "/api/v1/auth/reset", takes: .newPassword)),
    Notice(
      "set_password", of: TokenIssued.self, where: { $0.purpose == .setPassword }, to: .subject(\.userID),
      saying: [.time("expires", \.expiresAt)],
      asking: token(.setPassword, page: "/reset-password", call: "/api/v1/auth/reset", takes: .newPassword)),
    Notice(
      "change_email", of: TokenIssued.self, where: { $0.purpose == .changeEmail }, to: .subject(\.userID),
      at: .given(\.emailSealed), saying: [.time("expires", \.expiresAt)],
      asking: token(.changeEmail, page: "/change-email", call: "/api/v1/me/email/confirm", takes: .logIn)),
    Notice(
      "invitation", of: MemberInvited.self, to: .subject(\.invitationID), at: .given(\.emailSealed),
      saying: [
        .person("inviter", \.invitedBy), .account, .text("role") { $0.role.word },
        .time("expires", \.expiresAt),
      ],
      asking: Link(
        page: "/invitation", call: "/api/v1/invitations/accept", token: \.invitationID, of: \.accountID,
        for: MailToken.invitation, until: \.expiresAt, takes: .logIn), standing: .whileTheInvitationIsOpen),
  ]

  private static func token(
    _ purpose: TokenIssued.Purpose, page: String, call: String, takes: NoticeLink.Input = .nothing
  ) -> Link<TokenIssued> {
    Link(
      page: page, call: call, token: \.tokenID, of: \.userID, for: purpose.rawValue, until: \.expiresAt, takes: takes)
  }

  private static let people = [
    Notice("already_registered", of: SignUpRepeated.self, once: .hour, to: .subject(\.userID)),
    Notice("email_changed", of: EmailChanged.self, to: .subject(\.userID), at: .former, saying: [.at]),
    Notice(
      "password_changed", of: PasswordSet.self, where: { [.change, .reset].contains($0.cause) },
      to: .subject(\.userID), saying: [.at]),
    Notice(
      "deletion_requested", of: DeletionRequested.self, to: .subject(\.userID), saying: [.at, .time("due", \.dueAt)]),
    Notice(
      "session_stolen", of: SessionEnded.self, where: { $0.cause == .reuseDetected }, to: .subject(\.userID),
      saying: [.at]),
  ]
}
