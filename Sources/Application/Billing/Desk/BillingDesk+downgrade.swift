package import Domain
import EventLog
package import Foundation

extension BillingDesk {
  /// Less, when the period that is paid ends: a schedule of two phases, which takes two calls. What is at Stripe says how far it came.
  @discardableResult
  package func downgrade(to tier: Tier, of account: UUID, by actor: Actor) async throws -> Recorded {
    guard tier != .free else { return try await cancel(account, by: actor) }
    try await requireRight(account, actor)
    let running = try await running(account)
    let request = try await request(tier, from: running, of: account, by: actor, at: nil)
    guard tier < request.fromTier else { throw Billing.Failure.unchanged(tier) }
    let recorded = try await decide(.changeTier(request), on: account, by: actor)
    let path = "/v1/subscriptions/\(running.subscription.pathSegment)"
    let subscription = try await client.get(path)
    let key = request.commandID.text
    let keeping = Self.keeping(subscription)
    if !keeping.isEmpty { _ = try await change(path, keeping, key: "\(key)-keep") { Self.keeping($0).isEmpty } }
    let schedule = try await schedule(of: subscription, running.subscription, key: key)
    let planned = try await plan(schedule, from: subscription, to: request.price, key: key, isTaxed: tax != nil)
    let stream = StripeStream(running.customer, in: try await side.mode())
    try await book.record(planned, knowing: [], in: stream)
    await settle(account, subscription: running.subscription, customer: running.customer)
    return recorded
  }

  /// The first call: the subscription as it is, as a schedule. One that is there already was begun before.
  private func schedule(
    of subscription: StripeReply, _ id: String, key: String
  ) async throws -> StripeReply {
    if let begun = subscription["schedule"].id {
      return try await client.get("/v1/subscription_schedules/\(begun.pathSegment)")
    }
    let form: StripeForm = ["from_subscription": id]
    return try await client.make("/v1/subscription_schedules", form, key: "\(key)-schedule") {
      let now = try await client.get("/v1/subscriptions/\(id.pathSegment)")
      guard let made = now["schedule"].id else { return nil }
      return try await client.get("/v1/subscription_schedules/\(made.pathSegment)")
    }
  }

  /// The second: then the lower price, and after a month of it the subscription goes on by itself.
  private func plan(
    _ schedule: StripeReply, from subscription: StripeReply, to price: String, key: String, isTaxed: Bool
  ) async throws -> StripeReply {
    if Self.plans(schedule, price) { return schedule }
    guard let now = Self.price(of: subscription.json), let start = schedule["current_phase"]["start_date"].integer,
      let end = schedule["current_phase"]["end_date"].integer
    else {
      throw StripeFailure(status: nil, message: "a schedule has no phase that runs", requestID: schedule.requestID)
    }
    var form: StripeForm = [
      "end_behavior": "release", "proration_behavior": "none", "phases[0][items][0][price]": now,
      "phases[0][items][0][quantity]": "1", "phases[0][start_date]": "\(start)", "phases[0][end_date]": "\(end)",
      "phases[1][items][0][price]": price, "phases[1][items][0][quantity]": "1",
      "phases[1][duration][interval]": "month", "phases[1][duration][interval_count]": "1",
      "phases[1][proration_behavior]": "none",
    ]
    if isTaxed { form.add("default_settings[automatic_tax][enabled]", "true") }
    let path = "/v1/subscription_schedules/\(schedule.id.pathSegment)"
    do {
      return try await client.make(path, form, key: "\(key)-plan\(isTaxed ? "-taxed" : "")") {
        let now = try await client.get(path)
        return Self.plans(now, price) ? now : nil
      }
    } catch let failure as StripeFailure where isTaxed && failure.kind == .refused {
      // Whoever wants to pay less is not kept from it for want of an address, or of anything else about tax.
      return try await plan(schedule, from: subscription, to: price, key: key, isTaxed: false)
    }
  }

  private static func plans(_ schedule: StripeReply, _ price: String) -> Bool {
    let phases = schedule["phases"].elements
    return phases.count > 1 && phases.last?["items"].elements.first?["price"].id == price
  }
}
