package import struct Foundation.UUID

/// Where an account's notices go in Slack: an incoming webhook. Stream `slack-<account id>`, on the account's shard.
package struct SlackChannel: Decider {
  /// What it is by now; nil: none was set, or it was removed.
  package private(set) var channel: SlackChannelSet?
  /// What Slack answered that means never again; nil while it takes messages.
  package private(set) var brokenStatus: Int?

  /// Of an account that has none yet.
  package init() {}

  /// What can be asked. Rights, and whether the tier has it, are decided before.
  package enum Command: Sendable {
    case set(SlackChannelSet)
    case remove(by: UUID)
    /// Slack answered a message to this channel with a status that no repeat will change.
    case breakDown(channel: UUID, status: Int)
  }

  /// What can have happened.
  package enum Event: RecordedEvent {
    case channelSet(SlackChannelSet)
    case channelRemoved(SlackChannelRemoved)
    case channelBroken(SlackChannelBroken)
  }

  /// Why a command is turned down.
  package enum Failure: Error, Equatable {
    /// There is no channel whose URL could be kept.
    case noChannel
    case noTopic
  }

  /// The events that follow from a command, none where it is so already.
  package func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .set(let set):
      guard !set.topics.isEmpty else { throw .noTopic }
      return set == channel && brokenStatus == nil ? [] : [.channelSet(set)]
    case .remove(let person):
      guard let channel else { return [] }
      return [
        .channelRemoved(
          SlackChannelRemoved(accountID: channel.accountID, channelID: channel.channelID, removedBy: person))
      ]
    case .breakDown(let id, let status):
      // Another took its place meanwhile, or it was said already.
      guard let channel, channel.channelID == id, brokenStatus == nil else { return [] }
      return [.channelBroken(SlackChannelBroken(accountID: channel.accountID, channelID: id, status: status))]
    }
  }

  /// Moves the state past one event.
  package mutating func evolve(_ event: Event) {
    switch event {
    case .channelSet(let set): (channel, brokenStatus) = (set, nil)
    case .channelRemoved: (channel, brokenStatus) = (nil, nil)
    case .channelBroken(let broken): brokenStatus = broken.status
    }
  }
}

extension SlackChannel.Event {
  package static let cases: [EventCase<Self>] = [
    EventCase(channelSet),
    EventCase(channelRemoved),
    EventCase(channelBroken),
  ]
}
