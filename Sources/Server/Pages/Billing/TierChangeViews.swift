import Application
import Domain

/// What a higher tier costs, before it is paid.
struct RaisingView: Sendable {
  let account: AccountView
  let billing: String
  let from: String
  let to: TierView
  let dueNow, next: String
  let nextAt: String?
  let breakdown: Breakdown?
  let prorationDate: String

  /// What is due now, and its tax.
  struct Breakdown: Sendable {
    let subtotal, tax, total: String
  }

  init(_ tenant: Tenant, from: Tier, to: Tier, _ preview: BillingPreview, isSupported: Bool = true) {
    account = AccountView(tenant, at: .billing)
    billing = Place.billing(account: tenant.account.id).path
    self.from = TierChoice(from).name
    self.to = TierView(to, isSupported: isSupported)
    func money(_ amount: Int) -> String { MoneyAmount(amount, preview.currency).text.shown }
    (dueNow, next) = (money(preview.dueNow), money(preview.next))
    nextAt = preview.nextAt.map { LocalCalendar.utc.text(of: $0, .minute) }
    breakdown = preview.breakdown.map {
      Breakdown(subtotal: money($0.subtotal), tax: money($0.tax), total: money($0.total))
    }
    prorationDate = preview.prorationDate.description
  }
}

/// What a lower tier takes, and when, before it is asked for. Times are in UTC.
struct LoweringView: Sendable {
  let account: AccountView
  let billing, from: String
  let to: TierView
  let isCancelling: Bool
  let at, fullMonth, quotaFrom, quota, quotaUntil: String
  let projects: String
  /// How many there is no room for; nil: none.
  let beyond: String?
  let detailUntil, detailBefore: String
  let lost: [String]
  /// What the operator grants, where that is more; nil: nothing.
  let granted: String?

  init(
    _ tenant: Tenant, _ lowering: TierLowering, projects: Int, isSupported: Bool = true, tax: TaxBehavior? = nil
  ) {
    account = AccountView(tenant, at: .billing)
    billing = Place.billing(account: tenant.account.id).path
    from = TierChoice(lowering.from).name
    to = TierView(lowering.to, isSupported: isSupported, tax: tax)
    isCancelling = lowering.to == .free
    at = LocalCalendar.utc.text(of: lowering.at, .minute)
    (fullMonth, quotaFrom) = (CalendarMonth(of: lowering.at).name, lowering.quotaFrom.name)
    quota = Text.number(Int64(lowering.to.monthlyQuota))
    quotaUntil = Text.number(Int64(lowering.from.monthlyQuota))
    self.projects = Text.number(Int64(projects))
    let over = lowering.projectsBeyond(projects)
    beyond = over > 0 ? Text.number(Int64(over)) : nil
    detailUntil = LocalCalendar.utc.text(of: lowering.detailUntil, .day)
    detailBefore = Text.number(Int64(lowering.from.detailDays))
    lost = lowering.lost.filter { isSupported || $0 != .prioritySupport }.map(\.words)
    let left = tenant.account.granted.tier(over: lowering.to, at: lowering.at)
    granted = left > lowering.to ? TierChoice(left).name : nil
  }
}
