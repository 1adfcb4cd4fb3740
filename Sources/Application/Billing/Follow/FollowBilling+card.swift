import Domain
import EventLog
import Foundation

extension FollowBilling {
  /// A checkout puts its card on the subscription, where it outranks the customer's: one that is entered in the portal later would never be charged.
  /// So it becomes the customer's, once for each checkout, and the subscription has none of its own.
  func moveCards(of account: UUID, _ customers: [StripeCustomer], in mode: StripeMode) async throws {
    let memory = BillingMemory(pool: log.pool)
    for known in customers {
      guard let id = known.customer else { continue }
      for (session, checkout) in known.sessions.sorted(by: { $0.key < $1.key })
      where checkout.status == "complete" && checkout.account == account.text {
        let name = "\(StripeStream(id, in: mode).name)/card/\(session)"
        guard let subscription = checkout.subscription, try await memory[name] == nil else { continue }
        do { try await moveCard(of: subscription, paidBy: session, to: id) } catch let failure as StripeFailure
          where failure.kind != .away
        {
          // It would be refused again: the subscription keeps its card, and somebody has to look at it.
          try await tell(failure, of: account)
        }
        try await memory.keep("moved", as: name)
      }
    }
  }

  /// Under keys that follow from the checkout: made again by one who was slow, it takes the place of no card that was entered since.
  private func moveCard(of subscription: String, paidBy session: String, to customer: String) async throws {
    let place = "/v1/subscriptions/\(subscription.pathSegment)"
    let owner = "/v1/customers/\(customer.pathSegment)"
    let known: StripeReply
    do { known = try await client.get(place) } catch let failure as StripeFailure where failure.isMissing { return }
    let isOver = known["status"].string.map { SubscriptionStatus($0).isOver } ?? false
    guard let card = known["default_payment_method"].id, !isOver else { return }
    _ = try await client.make(
      owner, ["invoice_settings[default_payment_method]": card], key: "\(session)-card-of-customer"
    ) {
      let found = try await client.get(owner)
      return found["invoice_settings"]["default_payment_method"].id == card ? found : nil
    }
    _ = try await client.make(place, ["default_payment_method": ""], key: "\(session)-card-of-subscription") {
      let found = try await client.get(place)
      return found["default_payment_method"].id == nil ? found : nil
    }
  }
}
