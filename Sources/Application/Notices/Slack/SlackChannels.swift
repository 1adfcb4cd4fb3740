package import Domain
package import EventLog
package import Foundation

/// An account's channel in Slack: seen, set and removed by whoever may say what the account pays for.
package struct SlackChannels: Sendable {
  private let log: Log
  private let vault: Vault
  private let changes: ChangeLimit
  private let delivery: SlackDelivery
  private let clock: any WallClock
  private let base: String

  /// Over an open log.
  ///
  /// - Parameter base: what links begin with, without a slash at its end.
  package init(
    log: Log, vault: Vault, changes: ChangeLimit, delivery: SlackDelivery, clock: any WallClock, base: String
  ) {
    self.log = log
    self.vault = vault
    self.changes = changes
    self.delivery = delivery
    self.clock = clock
    self.base = base
  }

  /// What a channel is to be told of, and where it is.
  package struct Wish: Sendable {
    /// The incoming webhook's URL; nil keeps the one that is set.
    package var url: String?
    package var topics: Set<NoticeTopic>

    /// A wish.
    package init(url: String?, topics: Set<NoticeTopic>) { (self.url, self.topics) = (url, topics) }
  }

  /// As it is this moment, for whoever may see the account. It is seen where the tier has none any more, that it can be removed.
  package func channel(of account: UUID, for user: UUID) async throws -> SlackChannel {
    try Access.check(.manageBilling, on: try await state(of: account), account, of: user)
    return try await log.load(SlackChannel.self, from: stream(of: account)).state
  }

  /// Sends a test message, and sets the channel where it was taken. Throws ``TierLacks``, ``SlackURLRefused``, ``SlackNotTaken`` and
  /// `SlackChannel.Failure`.
  package func set(_ wish: Wish, of account: UUID, by actor: Actor) async throws -> SlackChannel {
    let state = try await state(of: account)
    try Access.check(.manageBilling, on: state, account, of: actor.userID)
    guard state.tier(at: clock.now).has(.slack) else { throw TierLacks(gate: .slack) }
    let old = try await log.load(SlackChannel.self, from: stream(of: account)).state.channel
    guard !wish.topics.isEmpty else { throw SlackChannel.Failure.noTopic }
    let url = try await url(wish, old)
    try await changes.take(account)
    let answer = await delivery.post(SlackMessage(testOf: state.name ?? account.text, base: base), to: url)
    guard answer == .delivered else { throw SlackNotTaken(words: answer.words) }
    let set = try await set(url, wish, old, of: account, by: actor.userID)
    let appended = try await handle(.set(set), of: account, by: actor)
    if let old, old.channelID != set.channelID { try await vault.erase(old.channelID) }
    return appended
  }

  /// Nothing is sent there any more, and the URL can't be read again. Where there is none that is so already.
  @discardableResult
  package func remove(from account: UUID, by actor: Actor) async throws -> SlackChannel {
    let old = try await log.load(SlackChannel.self, from: stream(of: account)).state.channel
    let state = try await handle(.remove(by: actor.userID), of: account, by: actor)
    if let old { try await vault.erase(old.channelID) }
    return state
  }

  private func url(_ wish: Wish, _ old: SlackChannelSet?) async throws -> SlackURL {
    if let text = wish.url { return try SlackURL(text, trusting: delivery.origins) }
    guard let old, let text = try await vault.open(old.urlSealed, of: old.channelID) else {
      throw SlackChannel.Failure.noChannel
    }
    return try SlackURL(text, trusting: delivery.origins)
  }

  private func set(
    _ url: SlackURL, _ wish: Wish, _ old: SlackChannelSet?, of account: UUID, by user: UUID
  ) async throws -> SlackChannelSet {
    let kept = wish.url == nil ? old : nil
    let id = kept?.channelID ?? UUID()
    let sealed = if let kept { kept.urlSealed } else { try await vault.seal(url.text, for: id) }
    return SlackChannelSet(
      accountID: account, channelID: id, urlSealed: sealed, hint: url.hint, topics: wish.topics, setBy: user)
  }

  /// The right is decided on the account as it is then.
  private func handle(_ command: SlackChannel.Command, of account: UUID, by actor: Actor) async throws -> SlackChannel {
    try await log.handle(SlackChannel.self, on: stream(of: account), from: actor.origin) { channel in
      try Access.check(.manageBilling, on: try await state(of: account), account, of: actor.userID)
      return try channel.decide(command)
    }.state
  }

  private func state(of account: UUID) async throws -> Account {
    try await log.load(Account.self, from: .account(account, shard: log.shards.shard(of: account))).state
  }

  private func stream(of account: UUID) -> StreamID { .slack(of: account, shard: log.shards.shard(of: account)) }
}

/// The test message was not taken, so that nothing was set.
package struct SlackNotTaken: Error, Equatable, CustomStringConvertible {
  let words: String
  /// What came of it.
  package var description: String { "the test message was not taken, and nothing is changed: \(words)" }
}
