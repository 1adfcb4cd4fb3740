package import Domain
package import Foundation

/// What an account buys, and what it owes.
package struct BillingState: Sendable, Equatable {
  /// Those that are known, what was said last first.
  package let subscriptions: [ListedSubscription]
  /// Invoices that are open and not paid, the latest first: a few.
  package let owed: [ListedInvoice]
  /// Why the account has its tier; nil where that is not known yet.
  package let origin: TierOrigin?

  /// More are not told at once.
  static let mostOwed = 5

  /// What it subscribes to: the highest of what entitles, as the tier follows from it.
  package var tier: Tier { subscriptions.compactMap(\.tier).max() ?? .free }

  /// The subscription that this follows from, or else one that waits for something; nil: none runs.
  package var main: ListedSubscription? {
    subscriptions.first { $0.tier == tier && !$0.isOver } ?? subscriptions.first { !$0.isOver }
  }
}

extension Questions {
  /// What an account buys on one side of the Stripe account, or on any. Throws ``ReadModelMissing``.
  package func billing(of account: UUID, in mode: StripeMode?) async throws -> Answered<BillingState> {
    let shard = self.shard(of: account)
    return try await snapshot(of: "billing", shard: shard) { snapshot in
      BillingState(
        subscriptions: try await snapshot.ask(SubscriptionsQuestion(shard: shard, account: account, mode: mode)),
        owed: try await snapshot.ask(
          InvoicesQuestion(shard: shard, account: account, mode: mode, isOpen: true, rows: BillingState.mostOwed)),
        origin: try await snapshot.tierOrigin(of: account, shard: shard, in: mode))
    }
  }
}
