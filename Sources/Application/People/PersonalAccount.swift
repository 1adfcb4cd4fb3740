import Crypto
import Domain
import EventLog
import Foundation

/// The free account that everybody gets who signs up.
///
/// Its id follows from the person's, so that opening it again opens no second one: a sign-up that broke off after the person was
/// registered is completed when they verify their address.
struct PersonalAccount: Sendable {
  let people: People

  /// Opens the account, unless it is or was open.
  func open(for user: UUID, from origin: Origin) async throws {
    let id = Self.id(for: user)
    let stream = StreamID.account(id, shard: people.log.shards.shard(of: id))
    do {
      try await people.log.handle(.open(id: id, tier: .free, owner: user), by: Account.self, on: stream, from: origin)
    } catch Account.Failure.alreadyOpen {}
  }

  /// The same for somebody whose first proof of reading their mail was another than the verification link. Who was registered by an
  /// operator, without a password, has been given an account.
  func complete(_ user: User, from client: Client) async throws {
    guard let id = user.id, !user.isVerified, user.hasSignedUp else { return }
    try await open(for: id, from: people.origin(client, id))
  }

  /// UUIDv7 with the person's time, the rest of it SHA-256 over a name and the person's id.
  static func id(for user: UUID) -> UUID {
    let digest = SHA256.hash(data: Data(Array("personal account".utf8) + user.bytes))
    return .derived(from: digest, version: 7, timeOf: user)
  }
}
