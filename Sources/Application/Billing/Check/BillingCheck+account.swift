import Domain
import EventLog
import Foundation
import Postgres

extension BillingCheck {
  /// Whether all that was said of an account's subscriptions and its tier follows.
  nonisolated(nonsending) func check(
    _ account: UUID, on shard: Int, _ catalogues: KnownCatalogues, _ map: ShardMap, _ connection: Connection
  ) async throws -> BillingCheckReport {
    var report = BillingCheckReport(accounts: 1)
    do {
      let said = try await SaidStream<Billing.Event>.read(.billing(of: account, shard: shard), on: connection)
      let own = try await SaidStream<Account.Event>.read(.account(account, shard: shard), on: connection)
      var telling = AccountTelling(account: account, catalogues: catalogues)
      for stream in said.customers(map) where telling.facts[stream] == nil {
        telling.facts[stream] = KnownFacts(try await SaidStream.read(stream, on: connection), of: stream)
      }
      telling.tell(said.events, own.events, map)
      telling.differences.forEach { report.add($0) }
    } catch let fault as SaidStreamFault {
      report.add(BillingDifference(fault, of: account))
    }
    return report
  }
}

extension SaidStream<Billing.Event> {
  /// The streams of those whose subscriptions were spoken of.
  fileprivate func customers(_ map: ShardMap) -> [StreamID] {
    events.compactMap { said in
      if case .subscriptionChanged(let changed) = said.event { changed.factsStream(map) } else { nil }
    }
  }
}

extension SubscriptionChanged {
  /// Where the facts are that it follows from.
  func factsStream(_ map: ShardMap) -> StreamID { .stripe(StripeStream(customer, in: side), shards: map) }
}

/// What was said of an account, told again in its order and held against the facts.
private struct AccountTelling {
  let account: UUID
  let catalogues: KnownCatalogues
  /// By their streams, as far as they were known by now.
  var facts: [StreamID: KnownFacts] = [:]
  private(set) var differences: [BillingDifference] = []
  private var billing = Billing()
  private var owner = Account()
  /// Where the account's tier was said last, and whether it stands by itself: set by the operator or at its opening, or named as a difference.
  private var tier: (place: SaidPlace, isSet: Bool)?
  private var lastChange: Int64 = 0

  init(account: UUID, catalogues: KnownCatalogues) { (self.account, self.catalogues) = (account, catalogues) }

  /// Both streams are of one shard, so that positions tell what was said before what.
  mutating func tell(
    _ said: [SaidStream<Billing.Event>.Said], _ own: [SaidStream<Account.Event>.Said], _ map: ShardMap
  ) {
    var rest = said[...]
    for event in own {
      while let next = rest.first, next.place.position < event.place.position {
        take(next, map)
        rest.removeFirst()
      }
      take(event)
    }
    rest.forEach { take($0, map) }
    checkEnd()
  }

  private mutating func take(_ said: SaidStream<Billing.Event>.Said, _ map: ShardMap) {
    if case .subscriptionChanged(let changed) = said.event {
      let stream = changed.factsStream(map)
      let follows =
        changed.accountID == account
        && facts[stream]?.move(to: changed, at: said.place, after: billing, catalogues) ?? false
      // What follows later follows from facts, and not from this.
      guard follows else { return differ(changed, at: said.place, facts[stream]) }
      lastChange = said.place.position
    }
    billing.evolve(said.event)
  }

  private mutating func differ(_ changed: SubscriptionChanged, at place: SaidPlace, _ facts: KnownFacts?) {
    let whole = facts?.whole
    let customer = whole?.customer
    var says = customer?.subscriptions[changed.subscription].map {
      "\($0.state.status), of \($0.knownEvents.count) events"
    }
    if let other = customer?.accountID, other != account { says = "it is account \(other.text)'s" }
    if customer != nil, customer?.accountID == nil { says = "whose it is stands nowhere" }
    differences.append(
      BillingDifference(
        account: account, subject: "subscription \(changed.subscription)",
        facts: "\(says ?? "nothing of it") (\(whole?.text ?? "no facts"))",
        log: "\(changed.gist) (\(place.type) at \(place.text)), which no state of the facts by then leads to"))
  }
}

extension AccountTelling {
  private mutating func take(_ said: SaidStream<Account.Event>.Said) {
    switch said.event {
    case .opened: tier = (said.place, true)
    case .tierChanged(let changed):
      let follows = tiers.contains(SubscribedTier(tier: changed.tier, cause: changed.cause))
      let isSet = changed.cause == .operator
      if !isSet, !follows {
        differ("tier \(changed.tier.rawValue), because of \(changed.cause.rawValue)", at: said.place)
      }
      tier = (said.place, isSet || !follows)
    default: break
    }
    owner.evolve(said.event)
  }

  /// What the tier can be by what was said of subscriptions: of each side that may have been set up then, for the log does not say which was.
  private var tiers: [SubscribedTier] {
    let sides = Set(catalogues.sides + billing.subscriptions.values.map(\.side))
    return sides.filter { $0.livemode || !billing.isPaidFor }.compactMap { side in
      billing.saidTier(on: side, over: owner.tier).map {
        SubscribedTier(tier: max($0.tier, owner.operatorTier), cause: $0.cause)
      }
    }
  }

  /// The tier follows in the same append as what it follows from; what the operator sets stands until something follows.
  private mutating func checkEnd() {
    guard owner.id != nil, !owner.isClosed, billing.hasSubscribed, let tier else { return }
    guard !tier.isSet || tier.place.position < lastChange else { return }
    guard !tiers.contains(where: { $0.tier == owner.tier }) else { return }
    differ("tier \(owner.tier.rawValue) to this day", at: tier.place)
  }

  private mutating func differ(_ says: String, at place: SaidPlace) {
    let found = Set(tiers.map { "tier \($0.tier.rawValue), because of \($0.cause.rawValue)" }).sorted()
    let known = billing.subscriptions.values.sorted { $0.subscription < $1.subscription }.map {
      "\($0.subscription) \($0.gist)"
    }
    differences.append(
      BillingDifference(
        account: account, subject: "tier",
        facts: "\(found.isEmpty ? "nothing of a tier" : found.joined(separator: " or ")) "
          + "(\(known.isEmpty ? "no subscription" : known.joined(separator: "; ")))",
        log: "\(says) (\(place.type) at \(place.text))"))
  }
}
