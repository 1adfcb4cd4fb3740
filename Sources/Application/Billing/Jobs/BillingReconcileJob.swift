package import Domain
import EventLog
import Foundation

/// Holds what the facts came to against what Stripe has: each night, for each customer. A difference is mended by a fact, and told to whoever runs this
/// installation. Customers that a restored log does not know are found by our metadata.
///
/// Whoever is stopped (a restart, the job's deadline, Stripe away) goes on with the next account, so that each is compared once in a round however
/// many there are; the next round begins when the night's job falls due again.
package struct BillingReconcileJob: ScheduledJob {
  let desk: BillingDesk

  /// `billing`
  package let name = "billing"
  /// Each night.
  package let interval = Duration.days(1)

  package init(desk: BillingDesk) { self.desk = desk }

  /// Goes on with what was begun.
  package func run(now: Instant) async throws { _ = try await reconcile() }

  /// So many in a row that Stripe did not answer for, and it is away. One alone keeps no other waiting.
  private static let awayAfter = 3
  /// So long nobody is passed over because Stripe is away.
  private static let patience = Duration.days(1)

  /// How many accounts were compared in the round, and the subscriptions that differed since this call.
  ///
  /// - Parameters:
  ///   - isAnew: whether all accounts are compared now, also those that a round under way is done with.
  ///   - compared: told how many this call has compared, after each.
  package func reconcile(
    anew isAnew: Bool = false, _ compared: @Sendable (Int) async -> Void = { _ in }
  ) async throws -> (accounts: Int, differences: [String]) {
    let mode = try await desk.side.mode()
    let rounds = BillingRounds(pool: desk.log.pool)
    let round = try await rounds.begin(in: mode, at: desk.clock.now, anew: isAnew)
    if round.place == nil { try await open(in: mode) }
    let isRecent = desk.clock.now - round.begunAt < Self.patience
    var differences: [String] = []
    var (count, lost): (Int, [(account: UUID, error: any Error)]) = (0, [])
    for account in try await BillingCustomers(log: desk.log).accounts(in: mode, after: round.place) {
      try Task.checkCancellation()
      do {
        let found = try await compare(account, in: mode)
        try await pass(over: &lost, in: round, of: rounds)
        try await rounds.move(round, past: account, differing: found.count)
        differences += found
        count += 1
        await compared(count)
      } catch {
        if Task.isCancelled { throw error }
        lost.append((account, error))
        guard let failure = error as? StripeFailure, failure.kind == .away else {
          try await pass(over: &lost, in: round, of: rounds)
          continue
        }
        guard lost.count == Self.awayAfter else { continue }
        if isRecent { throw failure }
        if await isAway() { throw failure }
        try await pass(over: &lost, in: round, of: rounds)
      }
    }
    if let last = lost.last {
      if isRecent { throw last.error }
      if await isAway() { throw last.error }
    }
    try await pass(over: &lost, in: round, of: rounds)
    return (try await rounds.finish(round, at: desk.clock.now), differences)
  }

  /// Whether Stripe answers nobody: who was down for long comes back to it when it may be away once more.
  private func isAway() async -> Bool {
    do {
      _ = try await desk.client.get("/v1/customers", ["limit": "1"])
      return false
    } catch let failure as StripeFailure { return failure.kind == .away } catch { return true }
  }

  /// They are left to the next round, and whoever runs this installation can see why.
  private func pass(
    over lost: inout [(account: UUID, error: any Error)], in round: BillingRounds.Round, of rounds: BillingRounds
  ) async throws {
    for (account, error) in lost {
      try await rounds.move(round, past: account, differing: 0, because: "\(error)")
    }
    lost = []
  }
}
