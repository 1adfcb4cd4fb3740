import struct Foundation.UUID

/// A subscription as the facts have it, beside what was said of it before (R7).
///
/// While its events do not fit together (``FoldedSubscription/needsFetch``) its state is the best that is known. That is good enough to give
/// something and not to take it: whoever pays would lose his tier, and have a mail of it that can't be unsaid, for an event that is a second
/// late; the other way round somebody who does not pay has a tier until Stripe was asked, which it is at once. So what would lower an unsettled
/// subscription waits for that answer. What is over is over, settled or not (R3).
struct KnownSubscription: Sendable {
  let folded: FoldedSubscription
  let customer: StripeCustomer
  let mode: StripeMode
  let customerID: String
  /// What was said of it last.
  let said: SubscriptionChanged?
  /// The highest tier among what is subscribed to, whether or not it entitles now; nil: nobody knows what it is.
  let held: Tier?
  let now: Instant

  /// What happens when retries end is a setting of Stripe's dashboard, and one of its choices is never to end.
  static let patience = Duration.days(Int64(SubscriptionChanged.daysOfPatience))

  var id: String { folded.id }
  var state: SubscriptionFacts { folded.state }
  /// Stripe's word; of a customer that was deleted, what that makes of it.
  var status: SubscriptionStatus { customer.isDeleted && !state.meaning.isOver ? .ended : state.meaning }
  var isOver: Bool { status.isOver }
  /// What no release before this one can have known, nor this one: it takes nothing from who had something.
  var hasUnknownStatus: Bool { !status.isKnown }

  /// Since when, of one that is past due.
  var pastDueSince: Instant? { status.isPastDue ? folded.pastDueSince : nil }
  /// When that entitles no more.
  var patienceEnds: Instant? { pastDueSince.map { $0 + Self.patience } }
  var isPastDueTooLong: Bool { patienceEnds.map { $0 <= now } ?? false }

  /// Whether it gives what it is of, by its facts alone.
  var isPaidFor: Bool {
    if status.isPaid { return true }
    if status.isPastDue { return !isPastDueTooLong }
    return hasUnknownStatus && folded.wasEntitled
  }
  private var found: Tier? { isPaidFor ? held : nil }

  /// Whether what is known of it would take something, and may be wrong.
  var isHeldBack: Bool {
    guard folded.needsFetch, !isOver, let had = said?.tier else { return false }
    return found.map { $0 < had } ?? true
  }
  /// What it entitles to.
  var tier: Tier? { isHeldBack ? said?.tier : found }

  /// Why it gives less than it gave.
  var cause: TierChanged.Cause {
    switch state.status {
    case "unpaid": .unpaid
    case "incomplete_expired": .incompleteExpired
    case "canceled":
      switch state.cancellationReason {
      case "payment_failed": .paymentFailed
      case "payment_disputed": .paymentDisputed
      default: .subscription
      }
    default: isPastDueTooLong ? .unpaid : .subscription
    }
  }
}

extension KnownSubscription {
  /// The item that gives the tier: that with the highest, whatever its quantity.
  static func leading(_ items: [SubscriptionFacts.Item], in catalogue: BillingCatalogue) -> SubscriptionFacts.Item? {
    items.max { (catalogue.tier(of: $0) ?? .free) < (catalogue.tier(of: $1) ?? .free) }
  }

  /// What a subscription is of. A price that nobody knows counts as the highest that the subscription ever was of: nobody loses what he pays
  /// for by a price that an operator forgot to name.
  static func held(by folded: FoldedSubscription, in catalogue: BillingCatalogue) -> Tier? {
    let highest = (folded.everHeld + folded.state.items).compactMap(catalogue.tier(of:)).max()
    return folded.state.items.compactMap { catalogue.tier(of: $0) ?? highest }.max()
  }

  /// When it ends, if it is to: of newer subscriptions the portal sets only the time, and not the mark.
  func endsAt(in catalogue: BillingCatalogue) -> Instant? {
    guard !isOver else { return nil }
    return state.cancelAt
      ?? (state.cancelAtPeriodEnd ? Self.leading(state.items, in: catalogue)?.periodEnd : nil)
  }

  /// What is said of it.
  func changed(of account: UUID, in catalogue: BillingCatalogue) -> SubscriptionChanged {
    let leading = Self.leading(state.items, in: catalogue)
    return SubscriptionChanged(
      accountID: account, stripeAccount: mode.stripeAccount, livemode: mode.livemode, customer: customerID,
      subscription: id, status: status.word, tier: tier, prices: state.items.map(\.price),
      periodStart: leading?.periodStart, periodEnd: leading?.periodEnd, endsAt: endsAt(in: catalogue),
      pastDueSince: pastDueSince, isCollectionPaused: state.pauseCollection != nil,
      cancellationReason: state.cancellationReason, facts: folded.knownEvents.count)
  }
}

extension BillingFacts {
  /// The account's subscriptions, the oldest first.
  func subscriptions(after billing: Billing) -> [KnownSubscription] {
    let known = customers.flatMap { customer -> [KnownSubscription] in
      guard let mode = customer.mode, let id = customer.customer else { return [] }
      return customer.subscriptions.values.map { folded in
        KnownSubscription(
          folded: folded, customer: customer, mode: mode, customerID: id, said: billing.subscriptions[folded.id],
          held: KnownSubscription.held(by: folded, in: catalogue), now: now)
      }
    }
    return known.sorted { ($0.state.created ?? .distantPast, $0.id) < ($1.state.created ?? .distantPast, $1.id) }
  }
}
