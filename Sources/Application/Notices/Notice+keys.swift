import Domain

/// What becomes of an account's keys and members, for a channel that its people read.
extension Notice {
  static let keys: [Notice] = [
    Notice(
      "key_rotated", of: KeyRotated.self, to: .owners,
      saying: [
        .account, .text("project_id") { $0.projectID.text }, .text("key_id") { $0.keyID.text },
        .time("retires", \.retiresAt),
      ], about: .keys, by: [.slack]),
    Notice(
      "key_revoked", of: KeyRevoked.self, to: .owners,
      saying: [.account, .at, .text("project_id") { $0.projectID.text }, .text("key_id") { $0.keyID.text }],
      about: .keys, by: [.slack]),
  ]

  static let members: [Notice] = [
    Notice(
      "member_added", of: MemberAdded.self, to: .owners,
      saying: [.account, .accountID, .person("member", \.userID), .text("role") { $0.role.word }], about: .members,
      by: [.slack]),
    Notice(
      "member_role_changed", of: MemberRoleChanged.self, to: .owners,
      saying: [.account, .accountID, .person("member", \.userID), .text("role") { $0.role.word }], about: .members,
      by: [.slack]),
    Notice(
      "member_removed", of: MemberRemoved.self, to: .owners,
      saying: [.account, .accountID, .person("member", \.userID)], about: .members, by: [.slack]),
  ]

  static let channels: [Notice] = [
    Notice(
      "slack_channel_broken", of: SlackChannelBroken.self, to: .owners,
      saying: [.account, .accountID, .at, .number("status", \.status)], about: .channels)
  ]
}

extension Account.Role {
  /// For people, such as `read-only`.
  var word: String { rawValue.replacing("_", with: "-") }
}
