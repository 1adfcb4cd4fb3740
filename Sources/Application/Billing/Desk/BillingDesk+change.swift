import Domain
import Foundation

extension BillingDesk {
  /// The subscription that a change is of: the highest that runs, as last said.
  func running(_ account: UUID) async throws -> SubscriptionChanged {
    let mode = try await side.mode()
    let running = try await billing(account).subscriptions.values.filter { subscription in
      subscription.stripeAccount == mode.stripeAccount && subscription.livemode == mode.livemode
        && SubscriptionStatus(subscription.status).isRunning
    }
    let highest = running.max { one, other in
      (one.tier ?? .free, one.subscription) < (other.tier ?? .free, other.subscription)
    }
    guard let highest else { throw Billing.Failure.noSubscription }
    return highest
  }

  func request(
    _ tier: Tier, from running: SubscriptionChanged, of account: UUID, by actor: Actor, at prorationDate: Instant?
  ) async throws -> TierChangeRequested {
    TierChangeRequested(
      accountID: account, commandID: newID(), subscription: running.subscription, fromTier: running.tier ?? .free,
      toTier: tier, price: try await price(of: tier), requestedBy: actor.userID, prorationDate: prorationDate)
  }

  /// Changes a subscription. After a 500 it looks whether it was changed all the same.
  func change(
    _ path: String, _ form: StripeForm, key: String, isDone: (StripeReply) -> Bool
  ) async throws -> StripeReply {
    try await client.make(path, form, key: key) {
      let now = try await client.get(path)
      return isDone(now) ? now : nil
    }
  }

  /// Takes a schedule off a subscription, which stays as it is now: nothing else can be changed of one that is scheduled. False where none was.
  @discardableResult
  func release(_ subscription: StripeReply, for command: UUID) async throws -> Bool {
    guard let schedule = subscription["schedule"].id else { return false }
    let path = "/v1/subscription_schedules/\(schedule.pathSegment)"
    let released = try await client.make("\(path)/release", [:], key: "\(command.text)-release") {
      let now = try await client.get(path)
      return now["status"].string == "released" ? now : nil
    }
    if let customer = subscription["customer"].id {
      try await book.record(released, knowing: [], in: StripeStream(customer, in: try await side.mode()))
    }
    return true
  }

  /// What lets an ending subscription run on: the portal sets a time, we the flag.
  static func keeping(_ subscription: StripeReply) -> StripeForm {
    if subscription["cancel_at_period_end"].bool { return ["cancel_at_period_end": "false"] }
    return subscription["cancel_at"].isNull ? [:] : ["cancel_at": ""]
  }

  static func item(of subscription: StripeReply) throws -> String {
    guard let item = subscription["items"]["data"].elements.first?["id"].string else {
      throw StripeFailure(status: nil, message: "a subscription has no items", requestID: subscription.requestID)
    }
    return item
  }

  static func price(of subscription: StripeJSON) -> String? {
    subscription["items"]["data"].elements.first?["price"].id
  }
}
