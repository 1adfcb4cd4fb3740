import Domain
import EventLog
import Foundation
import Postgres

extension BillingCheck {
  /// Whether all that a customer's facts come to is said of its account, or is on its way.
  nonisolated(nonsending) func checkCustomer(
    _ stream: StreamID, _ catalogues: KnownCatalogues, _ map: ShardMap, _ connection: Connection
  ) async throws -> BillingCheckReport {
    var report = BillingCheckReport()
    var account: UUID?
    do {
      let facts = KnownFacts(try await SaidStream.read(stream, on: connection), of: stream).whole
      report.facts = facts.total
      // Of what names no customer there is a stream for each payment.
      report.customers = facts.customer.customer == nil ? 0 : 1
      account = facts.customer.accountID
      guard let account, let side = facts.customer.mode, let last = facts.last else {
        report.unlinked = facts.customer.subscriptions.isEmpty ? 0 : 1
        return report
      }
      let billing = StreamID.billing(of: account, shard: map.shard(of: account))
      let said = SaidOfAccount(try await SaidStream.read(billing, on: connection))
      let unsaid = said.unsaid(of: facts.customer, account, catalogues, side)
      if unsaid.isEmpty { return report }
      if try await waits(account, for: last, connection) {
        report.waiting = 1
      } else if side != catalogues.current ?? side {
        report.left = 1
      } else {
        unsaid.forEach { report.add(said.difference($0, facts, account)) }
      }
    } catch let fault as SaidStreamFault {
      report.add(BillingDifference(fault, of: account))
    }
    return report
  }

  private nonisolated(nonsending) func waits(
    _ account: UUID, for fact: SaidPlace, _ connection: Connection
  ) async throws -> Bool {
    try await connection.query(
      """
      SELECT operations.billing_waits(\(account), \(clock.now + KnownFacts.skew), \(Int32(fact.shard)), \(fact.position)) AS waits
      """
    ).first?.decode("waits") ?? false
  }
}

/// What was said of an account's subscriptions last, and where.
private struct SaidOfAccount {
  private var billing = Billing()
  private var places: [String: SaidPlace] = [:]

  init(_ stream: SaidStream<Billing.Event>) {
    for said in stream.events {
      billing.evolve(said.event)
      if case .subscriptionChanged(let changed) = said.event { places[changed.subscription] = said.place }
    }
  }

  /// What of a customer's subscriptions was not said as its facts have it, by anything that was sold since it was said.
  func unsaid(
    of customer: StripeCustomer, _ account: UUID, _ catalogues: KnownCatalogues, _ side: StripeMode
  ) -> [FoldedSubscription] {
    customer.subscriptions.values.filter { folded in
      let since = places[folded.id].map { $0.recordedAt - KnownFacts.skew } ?? .distantPast
      return !catalogues.inForce(on: side, from: since, to: .distantFuture).contains {
        billing.hasSaidAll(of: folded.id, from: customer, in: $0, to: account)
      }
    }.sorted { $0.id < $1.id }
  }

  func difference(_ folded: FoldedSubscription, _ facts: KnownFacts, _ account: UUID) -> BillingDifference {
    var says = "nothing of it"
    if let said = billing.subscriptions[folded.id], let place = places[folded.id] {
      says = "\(said.gist) (\(place.type) at \(place.text)), and nobody is to say more"
    }
    return BillingDifference(
      account: account, subject: "subscription \(folded.id)",
      facts: "\(folded.state.status), of \(folded.knownEvents.count) events (\(facts.text))", log: says)
  }
}
