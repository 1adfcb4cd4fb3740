import Application
import Domain

/// What somebody came to sign up for.
struct ChosenTier: Sendable {
  let word, name, price, command, account: String
  let taxNote: String?
  /// Whether they may pay for it, and whether that is possible here.
  let isOwner, isSetUp, isForSale: Bool

  init(_ tier: Tier, _ tenant: Tenant, _ billing: AccountBilling?) {
    word = tier.rawValue
    (name, price) = (TierChoice(tier).name, tier.priceText)
    taxNote = billing?.tax?.note(of: tier)
    account = tenant.account.id.text
    command = "recount account tier --account \(account) --tier \(tier.rawValue)"
    isOwner = tenant.allows(.manageBilling)
    isSetUp = billing?.isSetUp == true
    isForSale = billing?.sold.contains(tier) == true && billing?.state.main == nil
  }
}

/// A tier that the account can go to, with the button that leads there.
struct TierCard: Sendable {
  let tier: TierView
  let account: String
  /// Whether the button begins a subscription, on a page of Stripe's.
  let isCheckout: Bool
  /// Where the change of the running one is shown before it is made; nil: there is none to change.
  let change: Change?
  let isForSale: Bool

  struct Change: Sendable {
    let path, text: String
  }

  /// All of them, for whoever may pay, where that is possible; none where something is owed or paused, which is to be seen to first.
  static func all(_ billing: AccountBilling, _ tenant: Tenant, isSupported: Bool) -> [TierCard] {
    let isReady = billing.state.main.map { $0.tier != nil && !$0.isOwing } ?? true
    guard billing.isSetUp, tenant.allows(.manageBilling), isReady else { return [] }
    return Tier.allCases.map { TierCard($0, billing, tenant, isSupported: isSupported) }
  }

  private init(_ tier: Tier, _ billing: AccountBilling, _ tenant: Tenant, isSupported: Bool) {
    let (current, main) = (billing.state.tier, billing.state.main)
    self.tier = TierView(tier, current: tenant.tier, isSupported: isSupported, tax: billing.tax)
    account = tenant.account.id.text
    isForSale = tier == .free || billing.sold.contains(tier)
    isCheckout = main == nil && tier > .free && isForSale
    change = main.flatMap { main in
      tier == current || !billing.sold.contains(tier) && tier != .free
        ? nil : Change(to: tier, from: current, main, tenant)
    }
  }
}

extension TierCard.Change {
  /// Nil of what is to happen already.
  fileprivate init?(to tier: Tier, from current: Tier, _ main: ListedSubscription, _ tenant: Tenant) {
    guard main.scheduled?.tier != tier, tier != .free || main.endsAt == nil else { return nil }
    let name = TierChoice(tier).name
    let account = ("account", Optional(tenant.account.id.text))
    if tier == .free {
      (path, text) = (Place.billingCancel.with([account]).path, "Cancel, and go back to Free")
    } else {
      path = Place.billingTier.with([account, ("to", tier.rawValue)]).path
      text = tier > current ? "Move up to \(name)" : "Move down to \(name)"
    }
  }
}
