import Domain
import EventLog
import Foundation

extension FollowBilling {
  /// Asks Stripe for each subscription whose events don't settle; once more where an event came in between.
  ///
  /// False where one still does not: it changes while it is asked for.
  func mend(_ account: UUID, in mode: StripeMode) async throws -> Bool {
    var isSettled = true
    for stream in try await BillingCustomers(log: log).streams(of: account, in: mode) {
      var customer = try await book.customer(stream)
      for _ in 0..<2 {
        let open = customer.subscriptions.values.filter(\.needsFetch)
        guard !open.isEmpty else { break }
        for subscription in open.sorted(by: { $0.id < $1.id }) {
          try await fetch(subscription: subscription.id, in: stream)
        }
        customer = try await book.customer(stream)
      }
      if customer.subscriptions.values.contains(where: \.needsFetch) { isSettled = false }
    }
    return isSettled
  }

  /// Lets whoever runs this installation know that Stripe refuses what follows has to ask; once for each of Stripe's reasons.
  func tell(_ failure: StripeFailure, of account: UUID) async throws {
    guard failure.kind == .refused else { return }
    let attention = BillingAttentionNeeded(
      accountID: account, attention: .callRefused, subject: failure.code ?? "status_\(failure.status ?? 0)",
      detail: "Stripe refused a call (\(failure.status ?? 0)): the server's log has its reason")
    try await log.handle(
      .need(attention), by: Billing.self, on: .billing(of: account, shard: log.shards.shard(of: account)))
  }

  /// Records what a subscription is by now.
  @discardableResult
  func fetch(subscription id: String, in stream: StripeStream) async throws -> StripeReply {
    // Before it is asked: what comes in while it answers is not closed by the answer.
    let known = try await book.customer(stream).subscriptions[id]?.knownEvents ?? []
    let answer = try await client.get("/v1/subscriptions/\(id.pathSegment)")
    try await book.record(answer, knowing: known, in: stream)
    return answer
  }
}
