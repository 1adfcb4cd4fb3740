package import struct Foundation.UUID

/// An account's notices about some things go to a channel of Slack from here on, and to no other.
package struct SlackChannelSet: EventData {
  package static let kind = EventKind("slack_channel_set", isSecurityRelevant: true)
  /// Whose notices.
  package var accountID: UUID
  /// The channel: another URL is another one. Its URL is sealed under a key of its own, by this id.
  package var channelID: UUID
  /// The incoming webhook's URL, which is as good as a password.
  package var urlSealed: String
  /// Its last four characters, to recognise it by.
  package var hint: String
  /// What it is told of, each once and in order.
  package var topics: [NoticeTopic]
  /// Who set it.
  package var setBy: UUID

  /// A channel.
  package init(
    accountID: UUID, channelID: UUID, urlSealed: String, hint: String, topics: Set<NoticeTopic>, setBy: UUID
  ) {
    self.accountID = accountID
    self.channelID = channelID
    self.urlSealed = urlSealed
    self.hint = hint
    self.topics = topics.sorted()
    self.setBy = setBy
  }
}

/// Notices go to no channel of Slack any more.
package struct SlackChannelRemoved: EventData {
  package static let kind = EventKind("slack_channel_removed", isSecurityRelevant: true)
  package var accountID: UUID
  package var channelID: UUID
  /// Who removed it.
  package var removedBy: UUID
}

/// Slack does not take messages for the channel any more, and none is sent to it until it is set anew.
package struct SlackChannelBroken: EventData {
  package static let kind = EventKind("slack_channel_broken")
  package var accountID: UUID
  package var channelID: UUID
  /// What Slack answered, such as 404.
  package var status: Int

  /// A channel that is of no use.
  package init(accountID: UUID, channelID: UUID, status: Int) {
    self.accountID = accountID
    self.channelID = channelID
    self.status = status
  }
}
