import Domain
import EventLog
import Foundation
import Postgres
import Projector
import TestDatabase
import Testing

@testable import Application

/// Who pays is nowhere in the clear, and nowhere at all once they are forgotten.
@Suite(.timeLimit(.whatHangs)) struct BillingPrivacyTests {
  private static let name = "Ottoline Vanderbuyer"

  @Test func ofAWholeStoryNothingPersonalIsReadableAndErasureLeavesTheLogWhole() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      let subscription = try await till.subscribe(.pro, buyer, card: "fails_later")
      let customer = try await till.customer(of: buyer)
      let email = try #require(try await till.stripe.state()["customer"][customer]["email"].string)
      try await Self.live(till, customer)
      for type in ["payment_failed", "payment_recovered", "refund_recorded"] {
        #expect(try await till.events(type, of: buyer) > 0, "\(type)")
      }
      _ = try await till.mails()
      try await till.service.catchUp()
      let before = try await Remains(of: till.service.test)
      // Of the fake's cards, as JSON would hold them.
      for trace in [email, Self.name, "last4", #""0341""#, #""4242""#] {
        #expect(!before.isInPlaintext(trace), "\(trace) is in the clear")
      }
      #expect(before.canBeRead(email) && before.canBeRead(Self.name) && before.canBeRead("last4"))

      _ = try await till.desk.client.delete("/v1/subscriptions/\(subscription)")
      try await till.arrive()
      let invoices = try await till.desk.billing(buyer.account).invoices
      try await Self.erase(buyer, till)
      try await till.arrive()
      try await till.service.catchUp()

      let after = try await Remains(of: till.service.test)
      for trace in [email, Self.name, "last4"] {
        #expect(!after.isInPlaintext(trace) && !after.canBeRead(trace), "\(trace) can be read")
      }
      let verified = try await Verify(pool: till.desk.log.pool).run()
      #expect(verified.faults.isEmpty && verified.events > 0)
      #expect(try await till.desk.billing(buyer.account).invoices == invoices)
      let stream = StripeStream(customer, in: try await till.desk.mode)
      #expect(try await till.desk.book.customer(stream).isDeleted)
      #expect(try await Self.replay(till.service).isClean)
    }
  }

  /// A name is given, a payment fails, another card pays, and it is given back.
  private static func live(_ till: Till, _ customer: String) async throws {
    try await till.stripe.test(
      "dashboard/change_customer", #"{"customer": "\#(customer)", "name": "\#(name)"}"#)
    try await till.advance(days: 32)
    try await till.arrive()
    let invoices = try await till.stripe.state()["invoice"].members.values
    let open = try #require(invoices.first { $0["status"] == "open" }?["id"].string)
    try await till.stripe.test("cards", #"{"customer": "\#(customer)", "kind": "ok"}"#)
    try await till.stripe.test("dashboard/retry", #"{"invoice": "\#(open)"}"#)
    try await till.arrive()
    try await till.stripe.test("dashboard/refund", #"{"invoice": "\#(open)"}"#)
    try await till.arrive()
  }

  private static func erase(_ buyer: Till.Buyer, _ till: Till) async throws {
    let (id, now) = (buyer.actor.userID, till.service.clock.now)
    var people = try till.service.people
    people.billing = till.desk
    try await till.desk.log.handle(.requestDeletion(due: now), by: User.self, on: people.stream(id))
    try await till.service.catchUp()
    try await ErasureJob(people: people).run(now: now)
    #expect(try await people.user(id).isErased)
  }

  private static func replay(_ service: Service) async throws -> ReplayReport {
    var settings = service.test.database.settings
    settings.role = "recount_projector"
    let pool = Pool(settings, size: 4, logger: Service.silent)
    do {
      let report = try await ReplayCheck(pool: pool, projections: Service.projections, logger: Service.silent).run()
      await pool.close()
      return report
    } catch {
      await pool.close()
      throw error
    }
  }
}
