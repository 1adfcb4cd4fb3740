import Domain
import EventLog
import Foundation

/// A person is forgotten. Each step can be repeated, and the last one says that all are done:
///
/// 1. they leave their accounts; one that they were the last owner of closes;
/// 2. their addresses become free;
/// 3. the keys of invitations to them are destroyed, and that of their data: name, addresses, password and clients can't be read
///    again, in no copy of the log;
/// 4. what is sealed of what those accounts paid goes likewise, and Stripe forgets them. Nobody is erased who would still be charged;
/// 5. their sessions end, and they are erased: read models drop their rows.
struct Erase: Sendable {
  let people: People

  /// Nothing happens to one who is not due.
  func callAsFunction(_ id: UUID, now: Instant) async throws {
    let user = try await people.user(id)
    guard let due = user.deletionDue, due <= now, !user.isErased else { return }
    let accounts = try await people.accounts(of: id)
    // While it is known whose last owner they are.
    try await people.forgetPayments(of: id, accounts)
    for account in accounts { try await leave(account, id) }
    for digest in user.formerDigests.union([user.emailDigest]) {
      try await people.release(digest, of: id)
      // An address that they gave up may have become another's.
      guard try await people.owner(of: digest) == nil else { continue }
      // Each holds a copy of the address under a key of its own.
      for invitation in try await people.questions.invitations(to: digest) { try await people.vault.erase(invitation) }
    }
    try await people.vault.erase(id)
    do {
      try await people.log.handle(.erase(now: now), by: User.self, on: people.stream(id))
    } catch User.Failure.absent {}
  }

  private func leave(_ account: UUID, _ id: UUID) async throws {
    let stream = StreamID.account(account, shard: people.log.shards.shard(of: account))
    let state = try await people.log.handle(
      .forget(id), by: Account.self, on: stream, from: Origin(actorID: id)
    ).state
    guard state.isClosed else { return }
    // What opens somebody's channel is nobody's any more.
    let slack = try await people.log.load(SlackChannel.self, from: .slack(of: account, shard: stream.shard)).state
    if let channel = slack.channel { try await people.vault.erase(channel.channelID) }
  }
}
