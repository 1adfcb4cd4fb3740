import Domain
import EventLog
import Foundation
import HTTPTypes
import NIOCore
import Postgres
import TestDatabase
import Testing

@testable import Application

extension Till {
  /// A delivery that Stripe would make, to be made in any order.
  struct Delivery: Sendable {
    let id: String
    let type: String
    let customer: String?
    let signature: String
    let body: String
  }

  /// All that Stripe has to tell, signed; `options` as /_test/sign has them, such as `"shuffle": 7`.
  func deliveries(_ options: String = "") async throws -> [Delivery] {
    let signed = try await stripe.test("sign", "{\(options)}")["requests"].elements
    return try signed.map { request in
      let body = try #require(request["body"].string)
      let event = try JSONDecoder().decode(JSON.self, from: Data(body.utf8))
      let object = event["data"]["object"]
      return Delivery(
        id: request["id"].string ?? "", type: event["type"].string ?? "",
        customer: object["object"] == "customer" ? object["id"].string : object["customer"].string,
        signature: request["headers"]["Stripe-Signature"].string ?? "", body: body)
    }
  }

  /// Makes one.
  @discardableResult
  func deliver(_ delivery: Delivery, signature: String? = nil) async throws -> Answer {
    try await deliver(delivery.body, signature ?? delivery.signature)
  }

  func deliver(_ body: String, _ signature: String?) async throws -> Answer {
    let name = try #require(HTTPField.Name("Stripe-Signature"))
    var headers: HTTPFields = [.contentType: "application/json"]
    headers[name] = signature
    return try await service.send(.post, "/webhooks/stripe", headers: headers, body: ByteBuffer(string: body))
  }

  /// All that Stripe has to tell arrives, and what follows is said.
  func arrive(_ options: String = "") async throws {
    for delivery in try await deliveries(options) {
      let answer = try await deliver(delivery)
      #expect(answer.status == 200, "\(delivery.type): \(answer.text)")
    }
    try await follow()
  }

  /// Says all that follows from what is in the log.
  func follow() async throws {
    let follower = BillingFollower(archive: nil, clock: service.clock)
    for shard in desk.log.shards.all {
      while case .moved = try await Step(follower, shard: shard).run(on: pool) {}
    }
    let worker = desk.worker(over: pool)
    while try await worker.step() {}
  }

  /// How many events of a type an account has.
  func events(_ type: String, of buyer: Buyer) async throws -> Int {
    try await service.number(
      "SELECT count(*) AS n FROM log.events WHERE type = \(type) AND account_id = \(buyer.account)")
  }

  /// How many facts of an event there are.
  func facts(of event: String) async throws -> Int {
    try await service.number(
      """
      SELECT count(*) AS n FROM log.events WHERE type = 'stripe_event_received' AND data ->> 'event_id' = \(event)
      """)
  }

  func facts() async throws -> Int {
    try await service.number("SELECT count(*) AS n FROM log.events WHERE type = 'stripe_event_received'")
  }
}
