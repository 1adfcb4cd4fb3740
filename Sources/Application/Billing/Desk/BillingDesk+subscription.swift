package import Domain
import EventLog
package import Foundation

extension BillingDesk {
  /// What an upgrade would cost, now and from the next period on. Changes nothing.
  package func preview(_ tier: Tier, of account: UUID, by actor: Actor) async throws -> BillingPreview {
    try await requireRight(account, actor)
    let running = try await running(account)
    guard running.tier.map({ $0 < tier }) ?? false else { throw Billing.Failure.unchanged(tier) }
    let price = try await price(of: tier)
    let subscription = try await client.get("/v1/subscriptions/\(running.subscription.pathSegment)")
    // By Stripe's clock, which has to find it in the period that runs: in its test mode it may be far from ours.
    let date = subscription.date.toSecond
    let invoice = try await invoice(of: price, for: subscription, running, at: date)
    let sold = try await client.get("/v1/prices/\(price.pathSegment)")
    return BillingPreview(
      prorationDate: date, currency: invoice["currency"].string ?? "usd", dueNow: invoice["amount_due"].integer ?? 0,
      next: (sold["unit_amount"].integer ?? 0).addingSaturating(BillingPreview.taxOnTop(of: price, in: invoice)),
      nextAt: invoice["lines"]["data"].elements.compactMap { $0["period"]["end"].time }.max(),
      breakdown: BillingPreview.breakdown(of: invoice))
  }

  /// What Stripe would ask for a price at a time.
  private func invoice(
    of price: String, for subscription: StripeReply, _ running: SubscriptionChanged, at date: Instant
  ) async throws -> StripeReply {
    var form: StripeForm = [
      "customer": running.customer, "subscription": running.subscription,
      "subscription_details[items][0][id]": try Self.item(of: subscription),
      "subscription_details[items][0][price]": price,
      "subscription_details[proration_behavior]": "always_invoice",
      "subscription_details[proration_date]": "\(date.seconds)",
      "subscription_details[billing_cycle_anchor]": "now",
    ]
    if tax != nil { form.add("automatic_tax[enabled]", "true") }
    return try await knowingThePlace { try await client.post("/v1/invoices/create_preview", form, key: nil) }
  }

  /// More, at once, for a new period that begins now.
  ///
  /// - Parameter prorationDate: the preview's; nil: now
  package func upgrade(
    to tier: Tier, of account: UUID, prorationDate: Instant?, by actor: Actor
  ) async throws -> BillingUpgrade {
    try await requireRight(account, actor)
    let running = try await running(account)
    let path = "/v1/subscriptions/\(running.subscription.pathSegment)"
    var subscription = try await client.get(path)
    // A time of one's own choice would credit what was used already; and the price that was shown is good for an hour.
    let date = prorationDate ?? subscription.date.toSecond
    guard subscription.date - date <= .hours(1), date - subscription.date <= .minutes(1) else {
      throw Billing.Failure.unsettled
    }
    let request = try await request(tier, from: running, of: account, by: actor, at: date)
    guard request.fromTier < tier else { throw Billing.Failure.unchanged(tier) }
    if tax != nil, !Self.isTaxed(subscription.json) {
      // Who can't be taxed learns so before anything else that was wished for, such as a lower tier to come, is taken off.
      _ = try await invoice(of: request.price, for: subscription, running, at: date)
    }
    let recorded = try await decide(.changeTier(request), on: account, by: actor)
    if try await release(subscription, for: request.commandID) { subscription = try await client.get(path) }
    try await startTaxing(subscription, path, for: request.commandID)
    var form: StripeForm = [
      "items[0][id]": try Self.item(of: subscription), "items[0][price]": request.price,
      "proration_behavior": "always_invoice", "payment_behavior": "pending_if_incomplete",
      "proration_date": "\(date.seconds)", "billing_cycle_anchor": "now", "expand[]": "latest_invoice",
    ]
    if subscription["cancel_at_period_end"].bool { form = form + Self.keeping(subscription) }
    let changed = try await knowingThePlace {
      try await change(path, form, key: "\(request.commandID.text)-upgrade") { now in
        Self.price(of: now.json) == request.price
      }
    }
    if changed["pending_update"].isNull { try await keep(changed, path, for: request.commandID) }
    await settle(account, subscription: running.subscription, customer: running.customer)
    if !changed["pending_update"].isNull, let url = try await hostedPage(of: changed) {
      return BillingUpgrade(outcome: .pay(url: url), recorded: recorded)
    }
    return BillingUpgrade(outcome: .done, recorded: recorded)
  }

  /// A time that the portal set can't be taken off in a call that a payment may leave pending; and before it, whoever was declined would have
  /// lost the end that they had asked for.
  private func keep(_ changed: StripeReply, _ path: String, for command: UUID) async throws {
    let keeping = Self.keeping(changed)
    guard !keeping.isEmpty else { return }
    _ = try await change(path, keeping, key: "\(command.text)-keep") { Self.keeping($0).isEmpty }
  }

  private func hostedPage(of subscription: StripeReply) async throws -> String? {
    if let url = subscription["latest_invoice"]["hosted_invoice_url"].string { return url }
    guard let invoice = subscription["latest_invoice"].id else { return nil }
    return try await client.get("/v1/invoices/\(invoice.pathSegment)")["hosted_invoice_url"].string
  }

  /// Ends with what was paid.
  @discardableResult
  package func cancel(_ account: UUID, by actor: Actor) async throws -> Recorded {
    try await requireRight(account, actor)
    return try await cancel(try await running(account), of: account, isLeaving: false, by: actor)
  }

  func cancel(
    _ running: SubscriptionChanged, of account: UUID, isLeaving: Bool, by actor: Actor
  ) async throws -> Recorded {
    let id = newID()
    let command = Billing.Command.cancel(
      CancellationRequested(
        accountID: account, commandID: id, subscription: running.subscription, requestedBy: actor.userID,
        isLeaving: isLeaving))
    let recorded = try await decide(command, on: account, by: actor)
    let path = "/v1/subscriptions/\(running.subscription.pathSegment)"
    try await release(try await client.get(path), for: id)
    _ = try await change(path, ["cancel_at_period_end": "true"], key: "\(id.text)-cancel") { now in
      now["cancel_at_period_end"].bool
    }
    await settle(account, subscription: running.subscription, customer: running.customer)
    return recorded
  }

  /// Takes back what was to happen at the period's end.
  @discardableResult
  package func undo(_ account: UUID, by actor: Actor) async throws -> Recorded {
    try await requireRight(account, actor)
    let running = try await running(account)
    let path = "/v1/subscriptions/\(running.subscription.pathSegment)"
    let subscription = try await client.get(path)
    let isScheduled = subscription["schedule"].id != nil
    let id = newID()
    let command = Billing.Command.undo(
      SubscriptionChangeUndone(
        accountID: account, commandID: id, subscription: running.subscription, requestedBy: actor.userID,
        undoes: isScheduled ? .downgrade : .cancellation))
    let recorded = try await decide(command, on: account, by: actor)
    if isScheduled {
      try await release(subscription, for: id)
    } else {
      let form = Self.keeping(subscription)
      if !form.isEmpty { _ = try await change(path, form, key: "\(id.text)-undo") { Self.keeping($0).isEmpty } }
    }
    await settle(account, subscription: running.subscription, customer: running.customer)
    return recorded
  }
}
