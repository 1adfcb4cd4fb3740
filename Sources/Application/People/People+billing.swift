import Domain
import EventLog
import Foundation
import Logging

extension People {
  /// The accounts that a person may act for; also the one that they got with signing up, of which a read model may not know yet.
  func accounts(of id: UUID) async throws -> Set<UUID> {
    try await questions.memberships(of: id).union([PersonalAccount.id(for: id)])
  }

  /// Whoever wishes to be forgotten pays no more. Where Stripe is away the wish holds all the same, and the schedule asks again.
  func stopPaying(_ person: UUID, _ origin: Origin) async {
    guard let billing else { return }
    do { try await billing.leave(accounts(of: person), by: Actor(userID: person, origin: origin)) } catch {
      log.logger.warning(
        "what somebody who leaves pays was not ended yet", metadata: ["user": "\(person)", "error": "\(error)"])
    }
  }

  /// What was said of what their accounts paid can't be read any more, and Stripe forgets them. Throws as long as something runs there.
  func forgetPayments(of person: UUID, _ accounts: Set<UUID>) async throws {
    try await requireNothingRunsElsewhere(accounts, of: person)
    if let billing {
      try await billing.requireNothingRuns(accounts, of: person)
      try await billing.forget(accounts, of: person)
    }
    for account in try await log.lastOwned(accounts, by: person) {
      try await BillingCustomers(log: log).eraseKeys(of: account)
    }
  }

  /// What runs where no key of ours reaches can neither be asked nor ended: it was said to run, and nobody is erased who is charged.
  private func requireNothingRunsElsewhere(_ accounts: Set<UUID>, of person: UUID) async throws {
    let side = try await billing?.mode
    for account in try await log.lastOwned(accounts, by: person) {
      let stream = StreamID.billing(of: account, shard: log.shards.shard(of: account))
      for known in try await log.load(Billing.self, from: stream).state.subscriptions.values
      where known.livemode && !known.isOver && !(side?.livemode == true && side?.stripeAccount == known.stripeAccount) {
        throw BillingDesk.StillSubscribed(account: account, subscription: known.subscription)
      }
    }
  }

  /// They have thought better of it. Where Stripe is away they see what ends, and can take it back themselves.
  func goOnPaying(_ person: UUID, _ origin: Origin) async {
    guard let billing else { return }
    do { try await billing.stay(accounts(of: person), by: Actor(userID: person, origin: origin)) } catch {
      log.logger.warning(
        "what somebody who stays pays was not taken up again", metadata: ["user": "\(person)", "error": "\(error)"])
    }
  }
}
