import Application
import Domain

/// What an account has, and its months.
struct BillingView: Sendable {
  let account: AccountView
  let tier: TierView
  let paidTier: String
  let grant: GrantView?
  let chosen: ChosenTier?
  let tiers: [TierView]
  let months: [MonthRow]
  let isMissing: Bool
  let position: String?

  /// What the operator gave beside the tier.
  struct GrantView: Sendable {
    let grantedTier, grantedQuota, until: String?
  }

  /// What somebody came to sign up for.
  struct ChosenTier: Sendable {
    let name, price, command: String
    let isOwner: Bool
  }

  struct MonthRow: Sendable {
    let name, path, used, calls, voided, givenBack, refused, quota: String
    let isSoFar: Bool
  }

  init(
    _ tenant: Tenant, _ usage: Answered<[AccountUsage]>?, _ months: AccountMonths, chosen: Tier?, now: Instant
  ) {
    account = AccountView(tenant, at: .billing)
    let current = tenant.tier
    tier = TierView(current, current: current)
    paidTier = TierChoice(tenant.account.tier).name
    grant = GrantView(tenant.account.granted, at: now)
    self.chosen = chosen.flatMap { $0 > current ? ChosenTier($0, tenant) : nil }
    tiers = TierView.all(current: current)
    self.months = (usage?.value ?? []).filter { month in
      // What an import brought of the time before.
      month.month.start >= months.opened.start || month.live.used > 0 || month.live.refused > 0
    }.map { MonthRow($0, of: tenant.account, isSoFar: $0.month == CalendarMonth(of: now)) }
    isMissing = usage == nil
    position = usage.map { Text.number($0.asOf.position) }
  }
}

extension BillingView.GrantView {
  /// Nil where nothing is granted now.
  fileprivate init?(_ grant: AccountGrant, at now: Instant) {
    guard !grant.isEmpty, grant.until.map({ now < $0 }) ?? true else { return nil }
    grantedTier = grant.tier.map { TierChoice($0).name }
    grantedQuota = grant.monthlyQuota.map { Text.number(Int64($0)) }
    until = grant.until.map { LocalCalendar.utc.text(of: $0, .minute) }
  }
}

extension BillingView.ChosenTier {
  fileprivate init(_ tier: Tier, _ tenant: Tenant) {
    (name, price) = (TierChoice(tier).name, tier.priceText)
    command = "recount account tier --account \(tenant.account.id.text) --tier \(tier.rawValue)"
    isOwner = tenant.allows(.manageBilling)
  }
}

extension BillingView.MonthRow {
  fileprivate init(_ usage: AccountUsage, of account: ListedAccount, isSoFar: Bool) {
    let month = usage.live
    name = usage.month.name
    path = Place.billing.appending(usage.month.description).with([("account", account.id.text)]).path
    (used, calls) = (Text.number(month.used), Text.number(month.calls))
    (voided, givenBack) = (Text.number(month.voided), Text.number(month.givenBack))
    (refused, quota) = (Text.number(month.refused), Text.number(month.quota))
    self.isSoFar = isSoFar
  }
}
