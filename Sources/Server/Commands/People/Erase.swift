import Domain
import EventLog
import Foundation
import Postgres

/// A person is forgotten. Each step can be repeated, and the last one says that all are done:
///
/// 1. they leave their accounts; one that they were the last owner of closes;
/// 2. their addresses become free;
/// 3. the keys of invitations to them are destroyed, and that of their data: name, addresses, password and clients can't be read
///    again, in no copy of the log;
/// 4. their sessions end, and they are erased: read models drop their rows.
struct Erase: Sendable {
  let people: People

  /// Nothing happens to one who is not due.
  func callAsFunction(_ id: UUID, now: Int64) async throws {
    let user = try await people.user(id)
    guard let due = user.deletionDue, due <= now, !user.isErased else { return }
    for account in try await accounts(of: id) { try await leave(account, id) }
    for digest in user.formerDigests.union([user.emailDigest]) {
      try await people.release(digest, of: id)
      // An address that they gave up may have become another's.
      guard try await people.owner(of: digest) == nil else { continue }
      for invitation in try await invitations(to: digest) { try await people.vault.erase(invitation) }
    }
    try await people.vault.erase(id)
    do {
      try await people.log.handle(.erase(now: now), by: User.self, on: people.stream(id))
    } catch User.Failure.absent {}
  }

  /// Also the account that the person got with signing up: a read model may not know of it yet.
  private func accounts(of id: UUID) async throws -> Set<UUID> {
    let rows = try await people.log.pool.query("SELECT account_id FROM directory.members WHERE user_id = \(id)")
    return Set(try rows.map { try $0.decode("account_id", as: UUID.self) } + [PersonalAccount.id(for: id)])
  }

  /// Each holds a copy of the address under a key of its own.
  private func invitations(to digest: String) async throws -> [UUID] {
    try await people.log.pool.query("SELECT invitation_id FROM directory.invitations WHERE email_digest = \(digest)")
      .map { try $0.decode("invitation_id") }
  }

  private func leave(_ account: UUID, _ id: UUID) async throws {
    let stream = EventLog.Stream.account(account, shard: people.log.shards.shard(of: account))
    try await people.log.handle(.forget(id), by: Account.self, on: stream, from: Origin(actorID: id))
  }
}
