package import Domain
import EventLog
import Foundation

/// Holds what the facts came to against what Stripe has: each night, for each customer. A difference is mended by a fact, and told to whoever runs this
/// installation. Customers that a restored log does not know are found by our metadata.
package struct BillingReconcileJob: ScheduledJob {
  private let desk: BillingDesk

  /// `billing`
  package let name = "billing"
  /// Each night.
  package let interval = Duration.days(1)

  package init(desk: BillingDesk) { self.desk = desk }

  /// Any number of times. One account that can't be compared keeps no other waiting.
  package func run(now: Instant) async throws { _ = try await reconcile() }

  /// How many accounts were compared, and the subscriptions that differed.
  package func reconcile() async throws -> (accounts: Int, differences: [String]) {
    let mode = try await desk.side.mode()
    try await link(in: mode)
    var differences: [String] = []
    var failure: (any Error)?
    for account in try await BillingCustomers(log: desk.log).accounts(notIn: mode) {
      do { try await desk.follow(account) } catch { failure = error }
    }
    let accounts = try await BillingCustomers(log: desk.log).accounts(in: mode)
    for account in accounts {
      try Task.checkCancellation()
      do {
        for stream in try await BillingCustomers(log: desk.log).streams(of: account, in: mode) {
          differences += try await compare(stream, of: account)
        }
        try await desk.follow(account)
      } catch { failure = error }
    }
    if let failure { throw failure }
    return (accounts.count, differences)
  }

  private func compare(_ stream: StripeStream, of account: UUID) async throws -> [String] {
    var query: StripeForm = ["customer": stream.subject, "status": "all", "limit": "100"]
    var differences: [String] = []
    var last: String?
    repeat {
      let page = try await desk.client.get("/v1/subscriptions", query)
      for listed in page["data"].elements {
        guard let id = listed.id, try await differs(listed, id, in: stream) else { continue }
        try await desk.follow.fetch(subscription: id, in: stream)
        try await tell(id, of: account)
        differences.append(id)
      }
      last = page["has_more"].bool ? page["data"].elements.last?.id : nil
      query = ["customer": stream.subject, "status": "all", "limit": "100"]
      query.add("starting_after", last)
    } while last != nil
    return differences
  }

  private func differs(_ listed: StripeJSON, _ id: String, in stream: StripeStream) async throws -> Bool {
    guard let facts = try StripeObject(json: listed.value.bytes).facts?.subscription else { return false }
    return try await desk.book.customer(stream).subscriptions[id].map { !$0.isAs(facts) } ?? true
  }

  private func tell(_ subscription: String, of account: UUID) async throws {
    let attention = BillingAttentionNeeded(
      accountID: account, attention: .reconciled, subject: subscription,
      detail: "Stripe had another state of this subscription than its events came to: it was taken over")
    try await desk.log.handle(.need(attention), by: Billing.self, on: desk.stream(account))
  }

  /// Customers of ours that the log does not know: opened since the backup that it was restored from.
  private func link(in mode: StripeMode) async throws {
    let own = try await desk.side.installation()
    var next: String?
    repeat {
      var query: StripeForm = ["query": "metadata['recount_installation']:'\(own)'", "limit": "100"]
      query.add("page", next)
      let page = try await desk.client.get("/v1/customers/search", query)
      for found in page["data"].elements {
        guard let id = found.id,
          let account = found["metadata"]["recount_account"].string.flatMap(UUID.init(uuidString:))
        else { continue }
        try await link(StripeStream(id, in: mode), to: account)
      }
      next = page["next_page"].string
    } while next != nil
  }

  private func link(_ stream: StripeStream, to account: UUID) async throws {
    guard try await desk.book.customer(stream).accountID == nil else { return }
    let place = StreamID.account(account, shard: desk.log.shards.shard(of: account))
    guard try await desk.log.load(Account.self, from: place).state.id != nil else { return }
    try await desk.book.link(stream, to: account)
  }
}
