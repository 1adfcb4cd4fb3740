import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// Bills go to somebody who owns the account.
@Suite(.timeLimit(.whatHangs)) struct BillingContactTests {
  @Test func billsFollowTheAddressOfWhoeverTheyWereMadeOutTo() async throws {
    try await Till.with { till in
      let (buyer, person, _) = try await till.named()
      try await till.subscribe(.pro, buyer)
      #expect(try await till.billed(buyer) == person.email)
      let address = "\(UUID().text)@example.net"
      try await till.move(person.id, to: address)
      try await till.follow()
      #expect(try await till.billed(buyer) == address)
    }
  }

  @Test func billsGoToARemainingOwnerWhenThatPersonOwnsTheAccountNoMoreThoughStripeWasAway() async throws {
    try await Till.with { till in
      let (buyer, person, tenant) = try await till.named()
      try await till.subscribe(.pro, buyer)
      let other = try await till.service.join(tenant, as: .owner)
      let customer = try await till.customer(of: buyer)
      try await till.stripe.test(
        "faults",
        #"{"method": "POST", "path": "/v1/customers/\#(customer)", "times": 4, "kind": "close", "after": false}"#)
      try await till.desk.log.handle(.removeMember(person.id), by: Account.self, on: till.stream(of: buyer))
      try await till.follow()
      #expect(try await till.billed(buyer) == person.email)
      try await till.advance(days: 0.01)
      try await till.follow()
      #expect(try await till.billed(buyer) == other.email)
    }
  }

  @Test func anAddressThatWasEnteredAtStripeStays() async throws {
    try await Till.with { till in
      let (buyer, person, _) = try await till.named()
      try await till.subscribe(.pro, buyer)
      let customer = try await till.customer(of: buyer)
      try await till.stripe.test(
        "dashboard/change_customer", #"{"customer": "\#(customer)", "email": "bills@example.org"}"#)
      try await till.move(person.id, to: "\(UUID().text)@example.net")
      try await till.follow()
      #expect(try await till.billed(buyer) == "bills@example.org")
    }
  }

  @Test func whoseAddressItIsIsFoundAtStripeWhereItWasForgotten() async throws {
    try await Till.with { till in
      let (buyer, person, _) = try await till.named()
      try await till.subscribe(.pro, buyer)
      try await till.desk.log.pool.query("DELETE FROM operations.billing_contacts")
      let address = "\(UUID().text)@example.net"
      try await till.move(person.id, to: address)
      // Nobody is told of it: the nightly comparison sees it.
      try await till.follow()
      #expect(try await till.billed(buyer) == person.email)
      _ = try await BillingReconcileJob(desk: till.desk).reconcile()
      #expect(try await till.billed(buyer) == address)
    }
  }
}

extension Till {
  /// An account whose only owner has an address.
  fileprivate func named() async throws -> (buyer: Buyer, person: Service.Person, tenant: Service.Tenant) {
    let (tenant, first) = try await service.openWithOwner(.free)
    let person = try await service.join(tenant, as: .owner)
    let buyer = Buyer(account: tenant.accountID, actor: Actor(userID: person.id, origin: Origin(actorID: person.id)))
    try await desk.log.handle(.removeMember(first.id), by: Account.self, on: stream(of: buyer))
    return (buyer, person, tenant)
  }

  fileprivate func stream(of buyer: Buyer) -> StreamID {
    .account(buyer.account, shard: desk.log.shards.shard(of: buyer.account))
  }

  /// A verified change of address.
  fileprivate func move(_ person: UUID, to text: String) async throws {
    let address = try #require(EmailAddress(text))
    let stream = StreamID.user(person, shard: desk.log.shards.shard(of: person))
    let changed = EmailChanged(
      userID: person, emailDigest: try await desk.log.vault.digest(address),
      emailSealed: try await desk.log.vault.seal(text, for: person), tokenID: UUID())
    let version = try await desk.log.load(User.self, from: stream).version
    _ = try await desk.log.append(
      try service.test.units([changed], on: stream, after: Int(version)), shard: stream.shard)
  }

  /// Whom Stripe sends bills to.
  fileprivate func billed(_ buyer: Buyer) async throws -> String? {
    try await stripe.state()["customer"][try await customer(of: buyer)]["email"].string
  }
}
