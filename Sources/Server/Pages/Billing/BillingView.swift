import Application
import Domain

/// What an account has, what it pays, and its months.
struct BillingView: Sendable {
  let account: AccountView
  let tier: TierView
  let paidTier: String
  let grant: GrantView?
  let payment: PaymentView?
  let chosen: ChosenTier?
  let cards: [TierCard]
  let hasCards: Bool
  let origin: OriginView?
  let invoices: InvoicesView?
  let tiers: [TierView]
  let months: [MonthRow]
  let isMissing, isBillingMissing, isSetUp: Bool
  let position: String?

  /// What the operator gave beside the tier.
  struct GrantView: Sendable {
    let grantedTier, grantedQuota, until: String?
  }

  struct MonthRow: Sendable {
    let name, path, used, calls, voided, givenBack, refused, quota: String
    let isSoFar: Bool
  }

  /// What it is made of, as it was answered.
  struct Answers: Sendable {
    let usage: Answered<[AccountUsage]>?
    let months: AccountMonths
    let billing: AccountBilling?
    let invoices: Answered<Page<MeteredInvoice, InvoicePlace>>?
    let isSetUp, isSupported: Bool
    let now: Instant
  }

  init(_ tenant: Tenant, _ answers: Answers, chosen: Tier?) {
    account = AccountView(tenant, at: .billing)
    let current = tenant.tier
    tier = TierView(current, current: current, isSupported: answers.isSupported)
    paidTier = TierChoice(tenant.account.tier).name
    grant = GrantView(tenant.account.granted, at: answers.now)
    payment = answers.billing.map { PaymentView($0, tenant) }
    self.chosen = chosen.flatMap { $0 > current ? ChosenTier($0, tenant, answers.billing) : nil }
    cards = answers.billing.map { TierCard.all($0, tenant, isSupported: answers.isSupported) } ?? []
    hasCards = !cards.isEmpty
    origin = answers.billing?.state.origin.map(OriginView.init)
    invoices = answers.invoices.flatMap { InvoicesView($0.value, tenant, answers.billing) }
    tiers = TierView.all(current: current, isSupported: answers.isSupported, tax: answers.billing?.tax)
    months = (answers.usage?.value ?? []).filter { month in
      // What an import brought of the time before.
      month.month.start >= answers.months.opened.start || month.live.used > 0 || month.live.refused > 0
    }.map { MonthRow($0, of: tenant.account, isSoFar: $0.month == CalendarMonth(of: answers.now)) }
    isMissing = answers.usage == nil
    isBillingMissing = answers.billing == nil
    isSetUp = answers.isSetUp
    position = answers.usage.map { Text.number($0.asOf.position) }
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
