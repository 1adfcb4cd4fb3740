/// What stays true of a subscription whatever follows.
struct SubscriptionRecord: Sendable {
  /// Each price once, in order.
  private(set) var everHeld: [SubscriptionFacts.Item] = []
  /// Whether it ever entitled.
  private(set) var wasEntitled = false
  private var ending: Ending?
  /// When it was said to be past due, each time.
  private var pastDue: Set<Instant> = []
  /// When it was last said to have come to that, and when to have come out of it.
  private var enteredAt: Instant?
  private var leftAt: Instant?
  /// When a change that waited for its payment was last said to be given up, and when one of its prices to have come to be.
  private var expiredAt: Instant?
  private var repricedAt: Instant?

  private struct Ending: Sendable {
    var state: SubscriptionFacts
    /// Said by the deletion itself, which knows why.
    var isDeletion: Bool
    var seen: StripeSeen

    static func < (one: Ending, other: Ending) -> Bool {
      one.isDeletion == other.isDeletion ? one.seen < other.seen : other.isDeletion
    }
  }

  /// Whether nothing follows a state: Stripe never opens a subscription again.
  static func isOver(_ state: SubscriptionFacts) -> Bool {
    state.meaning.isOver
  }

  /// The state that it ended in, if it did; of several that say so the deletion's, and the last.
  var end: SubscriptionFacts? { ending?.state }

  /// When the stretch of being past due began that it is in, if it is in one: the first that was said of it after it last came out of one.
  var pastDueSince: Instant? {
    guard let leftAt else { return pastDue.min() }
    return pastDue.filter { $0 > leftAt }.min() ?? enteredAt ?? pastDue.max()
  }

  mutating func note(_ state: SubscriptionFacts, _ move: SubscriptionHistory.Move, _ event: StripeEventReceived) {
    note(state)
    if case .from(let before) = move { note(before) }
    noteDue(state, move, at: event.created)
    notePrices(state, move, event)
    end(in: state, isDeletion: event.eventType == "customer.subscription.deleted", StripeSeen(event))
  }

  /// When what waited for its payment was given up, unless its prices changed after that.
  var updateExpiredAt: Instant? {
    expiredAt.flatMap { expired in repricedAt.map { $0 < expired } ?? true ? expired : nil }
  }

  mutating func note(answered state: SubscriptionFacts, _ seen: StripeSeen) {
    note(state)
    if state.isPastDue { pastDue.insert(seen.at) } else { leave(at: seen.at) }
    end(in: state, isDeletion: false, seen)
  }

  private mutating func note(_ state: SubscriptionFacts) {
    wasEntitled = wasEntitled || state.meaning.isRunning
    for item in state.items.map(\.alone) where !everHeld.contains(item) {
      everHeld.insert(item, at: everHeld.firstIndex { item.order < $0.order } ?? everHeld.endIndex)
    }
  }

  private mutating func noteDue(_ state: SubscriptionFacts, _ move: SubscriptionHistory.Move, at: Instant) {
    var wasPastDue: Bool?
    if case .from(let before) = move { wasPastDue = before.isPastDue }
    if state.isPastDue {
      pastDue.insert(at)
      if wasPastDue == false { enteredAt = max(enteredAt ?? at, at) }
    } else if wasPastDue == true {
      leave(at: at)
    }
  }

  private mutating func notePrices(
    _ state: SubscriptionFacts, _ move: SubscriptionHistory.Move, _ event: StripeEventReceived
  ) {
    let at = event.created
    switch event.eventType {
    case "customer.subscription.pending_update_expired": expiredAt = max(expiredAt ?? at, at)
    case "customer.subscription.pending_update_applied": repricedAt = max(repricedAt ?? at, at)
    default:
      guard case .from(let before) = move, before.items.map(\.price) != state.items.map(\.price) else { return }
      repricedAt = max(repricedAt ?? at, at)
    }
  }

  private mutating func leave(at: Instant) { leftAt = max(leftAt ?? at, at) }

  private mutating func end(in state: SubscriptionFacts, isDeletion: Bool, _ seen: StripeSeen) {
    guard isDeletion || Self.isOver(state) else { return }
    var end = Ending(state: state, isDeletion: isDeletion, seen: seen)
    if !Self.isOver(state) { end.state.status = SubscriptionStatus.ended.word }
    if ending.map({ $0 < end }) ?? true { ending = end }
  }
}

extension SubscriptionFacts {
  fileprivate var isPastDue: Bool { meaning.isPastDue }
}

extension SubscriptionFacts.Item {
  /// What it is, without how much of it and when.
  fileprivate var alone: Self {
    var item = self
    (item.quantity, item.periodStart, item.periodEnd) = (1, nil, nil)
    return item
  }

  fileprivate var order: (String, String, String) { (price, product ?? "", tier ?? "") }
}
