import Domain
import EventLog
import Foundation
import Postgres

/// Whose address each customer at Stripe was given (`operations.billing_contacts`). Lost, it is found by the addresses there.
struct BillingContacts: Sendable {
  let log: Log

  /// A person, and the digest of the address that was theirs when Stripe was told.
  struct Contact: Sendable, Equatable {
    let person: UUID
    let digest: String
  }

  /// Whoever bills may go to.
  struct Owner: Sendable {
    let contact: Contact
    /// Of addresses that were theirs before.
    let formerDigests: Set<String>
  }

  subscript(_ stream: StripeStream) -> Contact? {
    get async throws {
      try await log.pool.query(
        "SELECT user_id, email_digest FROM operations.billing_contacts WHERE stream = \(stream.name)"
      ).first.map { Contact(person: try $0.decode("user_id"), digest: try $0.decode("email_digest")) }
    }
  }

  func keep(_ contact: Contact, of stream: StripeStream, _ account: UUID) async throws {
    try await log.pool.query(
      "SELECT operations.keep_billing_contact(\(stream.name), \(account), \(contact.person), \(contact.digest))")
  }

  /// The account's owners who have an address, by id.
  func owners(of account: UUID) async throws -> [Owner] {
    let state = try await log.load(Account.self, from: .account(account, shard: log.shards.shard(of: account))).state
    guard !state.isClosed else { return [] }
    var owners: [Owner] = []
    for (person, role) in state.members.sorted(by: { $0.key.uuidString < $1.key.uuidString }) where role == .owner {
      let user = try await user(person)
      guard !user.isErased, !user.emailDigest.isEmpty else { continue }
      let contact = Contact(person: person, digest: user.emailDigest)
      owners.append(Owner(contact: contact, formerDigests: user.formerDigests))
    }
    return owners
  }

  /// Nil of one who was erased.
  func address(of person: UUID) async throws -> String? {
    let user = try await user(person)
    guard !user.emailSealed.isEmpty else { return nil }
    return try await log.vault.open(user.emailSealed, of: person)
  }

  /// Empty of what is no address.
  func digest(_ address: String?) async throws -> String {
    guard let address = address.flatMap(EmailAddress.init) else { return "" }
    return try await log.vault.digest(address)
  }

  private func user(_ person: UUID) async throws -> User {
    try await log.load(User.self, from: .user(person, shard: log.shards.shard(of: person))).state
  }
}
