package import Domain
import EventLog
package import Foundation

/// What whoever runs this installation sees and settles of billing.
package struct BillingOperator: Sendable {
  let desk: BillingDesk

  package init(desk: BillingDesk) { self.desk = desk }

  /// Something to be looked at.
  package struct Item: Sendable {
    package let account: UUID
    /// Such as `two_subscriptions`.
    package let what: String
    /// An id of Stripe's.
    package let subject: String
  }

  /// All that waits for somebody, by account.
  package func attention() async throws -> [Item] {
    var items: [Item] = []
    for account in try await BillingCustomers(log: desk.log).accounts(in: try await desk.side.mode()) {
      let waiting = try await desk.billing(account).attention
      items += waiting.map { Item(account: account, what: $0.what, subject: $0.subject) }
        .sorted { ($0.what, $0.subject) < ($1.what, $1.subject) }
    }
    return items
  }

  /// What this installation assumes of Stripe, and what only Stripe's dashboard can set.
  package func state() async throws -> [String] {
    let mode = try await desk.side.mode()
    let catalogue = try await desk.catalogue()
    let sold = Tier.allCases.compactMap { tier in catalogue.price(of: tier).map { "\(tier.rawValue) \($0)" } }
    var lines = [
      "Stripe     \(mode.stripeAccount), \(mode.livemode ? "live" : "test mode"), API version \(StripeClient.version)",
      "as         installation \(try await desk.side.installation())",
      "sold       \(sold.isEmpty ? "nothing: run `recount billing setup`" : sold.joined(separator: ", "))",
    ]
    lines += try await taxes(catalogue)
    lines += try await endpoints()
    lines.append(
      """
      dashboard  set there, under Billing, and assumed here: Smart Retries are on; when they end, the subscription is canceled; Stripe's own \
      mails about failed payments are off, for Recount sends its own
      """)
    return lines
  }

  private func endpoints() async throws -> [String] {
    let own = try await desk.side.installation()
    let found = try await desk.client.get("/v1/webhook_endpoints", ["limit": "100"])["data"].elements
      .filter { $0["metadata"]["recount_installation"].string == own }
    guard !found.isEmpty else { return ["endpoint   none of ours: events are read once an hour"] }
    return found.map { endpoint in
      let version = endpoint["api_version"].string ?? "the account's own"
      let flaw = version == StripeClient.version ? "" : ", which is not what is read here: run `recount billing setup`"
      return
        "endpoint   \(endpoint["url"].string ?? "?"), \(endpoint["status"].string ?? "?"), API version \(version)\(flaw)"
    }
  }

  /// Says that somebody has looked. Of two subscriptions that are paid at once, the younger is canceled and its last payment given back first.
  ///
  /// - Parameter subscription: the younger subscription, of two.
  package func resolve(
    _ attention: BillingAttentionNeeded.Attention, of subject: String, for account: UUID, because reason: String,
    canceling subscription: String?
  ) async throws {
    let resolved = BillingAttentionResolved(
      accountID: account, attention: attention, subject: subject, reason: reason)
    // No money goes back for what nobody has to settle.
    _ = try await desk.billing(account).decide(.resolve(resolved))
    if let subscription { try await giveBack(subscription, of: account, because: reason) }
    try await desk.log.handle(.resolve(resolved), by: Billing.self, on: desk.stream(account))
  }
}
