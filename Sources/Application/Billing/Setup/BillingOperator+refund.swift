import Domain
import EventLog
import Foundation

extension BillingOperator {
  /// Ends a subscription and gives its last payment back, once however often it is tried: the keys of its calls follow from what was noted first,
  /// and Stripe is looked at before each.
  func giveBack(_ id: String, of account: UUID, because reason: String) async throws {
    let request = RefundRequested(accountID: account, commandID: desk.newID(), subscription: id, reason: reason)
    try await desk.log.handle(.requestRefund(request), by: Billing.self, on: desk.stream(account))
    let noted = try await desk.billing(account)
    guard let said = noted.subscriptions[id], let command = noted.refundRequests[id]?.commandID else {
      throw Billing.Failure.noSubscription
    }
    let subscription = try await end("/v1/subscriptions/\(id.pathSegment)")
    if let invoice = subscription["latest_invoice"].id { try await refund(invoice, of: account, for: command) }
    await desk.settle(account, subscription: id, customer: said.customer)
  }

  /// Stripe takes no key with it: what the subscription is afterwards says whether it is done.
  private func end(_ path: String) async throws -> StripeReply {
    let running = try await desk.client.get(path)
    guard !Self.isOver(running) else { return running }
    do { return try await desk.client.delete(path) } catch let failure as StripeFailure
      where failure.status == 500 || failure.isMissing
    {
      let now = try await desk.client.get(path)
      guard Self.isOver(now) else { throw failure }
      return now
    }
  }

  private static func isOver(_ subscription: StripeReply) -> Bool {
    subscription["status"].string.map { SubscriptionStatus($0).isOver } ?? false
  }

  private func refund(_ invoice: String, of account: UUID, for command: UUID) async throws {
    let paid = try await desk.client.get("/v1/invoice_payments", ["invoice": invoice, "status": "paid"])
    for intent in paid["data"].elements.compactMap({ $0["payment"]["payment_intent"].id }) {
      // A key is good for a day, and this may go on with what was begun before.
      let known = try await refunds(of: intent, for: command)
      guard !known.contains(where: Self.isGiven) else { continue }
      var form = try await desk.side.metadata(account: account)
      form.add("payment_intent", intent)
      form.add("metadata[recount_command]", command.text)
      do {
        _ = try await desk.client.make("/v1/refunds", form, key: "\(command.text)-refund-\(intent)-\(known.count)") {
          try await refunded(intent, for: command)
        }
      } catch let failure as StripeFailure where failure.code == "charge_already_refunded" {
        // By somebody in Stripe's dashboard.
      }
    }
  }

  /// The refund that a command made of a payment, though its answer was lost.
  private func refunded(_ intent: String, for command: UUID) async throws -> StripeReply? {
    guard let id = try await refunds(of: intent, for: command).first(where: Self.isGiven)?.id else { return nil }
    return try await desk.client.get("/v1/refunds/\(id.pathSegment)")
  }

  private func refunds(of intent: String, for command: UUID) async throws -> [StripeJSON] {
    let known = try await desk.client.get("/v1/refunds", ["payment_intent": intent, "limit": "100"])
    return known["data"].elements.filter { $0["metadata"]["recount_command"].string == command.text }
  }

  /// One that failed at the bank has given nothing back.
  private static func isGiven(_ refund: StripeJSON) -> Bool {
    !["failed", "canceled"].contains(refund["status"].string ?? "")
  }
}
