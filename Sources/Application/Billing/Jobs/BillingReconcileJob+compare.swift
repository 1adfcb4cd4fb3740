import Domain
import EventLog
import Foundation
import Logging

extension BillingReconcileJob {
  /// What comes before the accounts: those that another side has alone, and those that a restored log does not know.
  func open(in mode: StripeMode) async throws {
    try await link(in: mode)
    for account in try await BillingCustomers(log: desk.log).accounts(notIn: mode) {
      do { try await desk.follow(account) } catch {
        if Task.isCancelled { throw error }
        desk.logger.warning(
          "what was bought on another side was not looked at", metadata: ["account": "\(account)", "error": "\(error)"])
      }
    }
  }

  /// The subscriptions of an account that were not what Stripe has.
  func compare(_ account: UUID, in mode: StripeMode) async throws -> [String] {
    var differences: [String] = []
    for stream in try await BillingCustomers(log: desk.log).streams(of: account, in: mode) {
      differences += try await compare(stream, of: account)
    }
    try await desk.follow(account)
    return differences
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
