import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// What is taken at the door, and what is not. Numbers are those of the sequences that must come out right.
@Suite(.timeLimit(.whatHangs)) struct StripeDoorTests {
  @Test func anEventOfOursIsInTheLogSealedBeforeStripeIsAnswered() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.pay(.pro, buyer)
      let told = try await till.deliveries().first {
        $0.type == "customer.subscription.updated" || $0.type == "customer.subscription.created"
      }
      let delivery = try #require(told)
      let answer = try await till.deliver(delivery)
      #expect(answer.status == 200 && answer["outcome"] == "recorded")
      #expect(try await till.facts(of: delivery.id) == 1)
      let row = try await till.service.test.owner.query(
        """
        SELECT data ->> 'body_sealed' AS sealed, data::text AS data FROM log.events
        WHERE type = 'stripe_event_received' AND data ->> 'event_id' = \(delivery.id)
        """
      ).first
      let fact = try #require(row)
      let stream = StripeStream(try #require(delivery.customer), in: try await till.desk.mode)
      let opened = try await till.desk.log.vault.open(fact.decode("sealed"), of: stream.sealingSubject)
      #expect(opened == delivery.body)
      #expect(try !fact.decode("data", as: String.self).contains("@"))
    }
  }

  @Test func sequence3OneEventManyTimesOverTwoServersIsOneFact() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.pay(.pro, buyer)
      let told = try await till.deliveries().first { $0.type.hasPrefix("customer.subscription.") }
      let delivery = try #require(told)
      let other = try await till.service.test.another()
      let elsewhere = BillingDesk(
        try till.stripe.settings(), log: other, clock: till.service.clock, logger: Service.silent)
      try await withThrowingTaskGroup { group in
        for number in 0..<10 {
          group.addTask {
            let door = number.isMultiple(of: 2) ? till.desk.door : elsewhere.door
            _ = try await door(Array(delivery.body.utf8), signature: delivery.signature)
          }
        }
        try await group.waitForAll()
      }
      for _ in 0..<5 { #expect(try await till.deliver(delivery)["outcome"] == "duplicate") }
      await other.close()
      #expect(try await till.facts(of: delivery.id) == 1)
    }
  }

  @Test func sequences34To36WhatIsNotSignedByUsNowIsRefusedAndCounted() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.pay(.pro, buyer)
      let secret = till.stripe.address.webhookSecret
      for order in [[secret, "whsec_old"], ["whsec_old", secret]] {
        let secrets = order.map { "\"\($0)\"" }.joined(separator: ",")
        let delivery = try #require(try await till.deliveries("\"secrets\": [\(secrets)]").first)
        #expect(try await till.deliver(delivery).status == 200)
      }
      let refused = [
        #""secrets": ["whsec_old"]"#, #""age": 301"#, #""age": -3600"#, #""tamper": true"#, #""scheme": "v0""#,
      ]
      for options in refused {
        let delivery = try #require(try await till.deliveries(options).last)
        try await till.deliver(delivery).expectProblem("delivery-refused", status: 400, "\(options)")
      }
      let good = try #require(try await till.deliveries().last)
      try await till.deliver(good.body, nil).expectProblem("delivery-refused", status: 400)
      let before = try await till.facts(of: good.id)
      #expect(before == 0)
      #expect(try await till.deliver(good).status == 200)
      // Five minutes later it comes again, freshly signed: taken, and known.
      try await till.advance(days: 0.01)
      let again = try #require(try await till.deliveries().first { $0.id == good.id })
      #expect(try await till.deliver(again)["outcome"] != "recorded")
      await till.desk.door.counts.write(to: till.pool, logger: Service.silent)
      let state = try #require(try await BillingProgress.of(till.pool, at: till.service.clock.now))
      #expect(state.deliveries["refused_signature_wrong"] == 3 && state.deliveries["refused_signature_stale"] == 1)
      #expect(state.deliveries["refused_signature_future"] == 1 && state.deliveries["refused_signature_missing"] == 1)
    }
  }

  @Test func sequences37And38WhatIsOfAnotherModeOrAccountOrBringsNoObjectIsRefused() async throws {
    try await Till.with { till in
      let buyer = try await till.buyer()
      try await till.pay(.pro, buyer)
      for options in [
        #""set": {"livemode": true}"#, #""set": {"account": "acct_other"}"#, #""set": {"object": "v2.core.event"}"#,
      ] {
        let delivery = try #require(try await till.deliveries(options).last)
        try await till.deliver(delivery).expectProblem("delivery-refused", status: 400, "\(options)")
      }
      #expect(try await till.facts() == 0)
      let older = try await till.deliveries(#""set": {"api_version": "2024-06-20"}"#)
        .first { $0.type.hasPrefix("customer.subscription.") }
      #expect(try await till.deliver(try #require(older)).status == 200)
      #expect(try await till.facts() == 1)
      await till.desk.door.counts.write(to: till.pool, logger: Service.silent)
      let progress = try #require(try await BillingProgress.of(till.pool, at: till.service.clock.now))
      #expect(progress.deliveries["other_api_version"] == 1)
    }
  }

  @Test func sequence49WhatIsOfOthersOnTheSameAccountIsAnsweredAndNotRecorded() async throws {
    try await Till.with { till in
      let stranger = try await till.desk.client.post("/v1/customers", ["email": "a@till.example"], key: "till").id
      let price = try await till.stripe.test("dashboard/price", #"{"amount": 500}"#)["id"].string ?? ""
      try await till.stripe.test("dashboard/subscribe", #"{"customer": "\#(stranger)", "price": "\#(price)"}"#)
      let deliveries = try await till.deliveries()
      #expect(!deliveries.isEmpty)
      for delivery in deliveries {
        let answer = try await till.deliver(delivery)
        #expect(answer.status == 200, "\(delivery.type)")
        #expect(["not_ours", "not_wanted"].contains(answer["outcome"].string), "\(delivery.type)")
      }
      #expect(try await till.facts() == 0)
    }
  }

  @Test func aBodyThatIsTooLargeOrNoEventIsRefusedAndWithoutAKeyThereIsNoDoor() async throws {
    try await Till.with { till in
      let large = String(repeating: "x", count: 600_000)
      try await till.deliver(large, "t=1,v1=00").expectProblem("body-too-large", status: 413)
      #expect(try await till.service.get("/webhooks/stripe").status == 405)
    }
    try await Service.with { service in
      let answer = try await service.get("/webhooks/stripe")
      #expect(answer.status == 404)
    }
  }
}
