import Domain
package import EventLog
import Foundation
package import Postgres

/// Writes messages at the moment they are sent: the URL is unsealed, what is told is read from the log.
package struct SlackComposer: Sendable {
  private let log: Log
  private let pool: Pool
  private let vault: Vault
  private let names: NoticeNames
  private let base: String
  private let origins: SlackOrigins
  private let wording: MailWording

  /// Over connections of the serving role.
  ///
  /// - Parameter base: what links begin with, without a slash at its end.
  package init(log: Log, pool: Pool, origins: SlackOrigins, base: String) throws {
    self.log = log
    self.pool = pool
    self.base = base
    self.origins = origins
    vault = Vault(pool: pool)
    names = NoticeNames(pool: pool, shards: log.shards, vault: vault)
    wording = try MailWording()
  }

  /// What is to be sent, and where.
  struct Written {
    let url: SlackURL
    let channel: UUID
    let message: SlackMessage
  }

  /// Nil when nobody is to get it any more: the channel was removed, is broken, does not take such things, or the tier has none.
  func compose(_ queued: QueuedSlackMessage, at now: Instant) async throws -> Written? {
    let account = try await log.load(Account.self, from: .account(queued.account, shard: queued.shard)).state
    let state = try await log.load(SlackChannel.self, from: .slack(of: queued.account, shard: queued.shard)).state
    guard account.tier(at: now).has(.slack), !account.isClosed, let channel = state.channel, state.brokenStatus == nil,
      queued.notice.map({ state.takes($0.topic) }) ?? true,
      let text = try await vault.open(channel.urlSealed, of: channel.channelID)
    else { return nil }
    let url = try SlackURL(text, trusting: origins)
    return Written(url: url, channel: channel.channelID, message: try await message(queued))
  }

  private func message(_ queued: QueuedSlackMessage) async throws -> SlackMessage {
    guard let notice = queued.notice else { return SlackMessage(more: queued.held, base: base) }
    guard let event = try await LoggedEvent.at(queued.position, of: queued.shard, on: pool),
      let telling = try notice.telling(of: event)
    else { throw NothingToTell(notice: notice.name) }
    let words = try wording.words(notice, try await names.named(telling.facts), base: base, action: nil)
    return SlackMessage(title: words.subject.text, paragraphs: words.paragraphs)
  }
}

extension SlackMessage {
  /// What was held back in an hour.
  fileprivate init(more count: Int, base: String) {
    self.init(
      title: "… and \(count) more",
      paragraphs: ["So many further notices came within an hour, and were not sent here one by one: \(base)/home"])
  }

  /// Whoever enters a channel sees that it works.
  init(testOf account: String, base: String) {
    self.init(
      title: "Notices of \(account) come here",
      paragraphs: ["This is a test: notices of account \(account) at \(base) are sent to this channel from now on."])
  }
}

/// The log does not hold a message's event any more, or it is none that its notice tells of.
struct NothingToTell: Error, CustomStringConvertible {
  let notice: String
  var description: String { "the log holds no event that \(notice) tells of any more" }
}
