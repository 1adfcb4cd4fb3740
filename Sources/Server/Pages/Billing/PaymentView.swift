import Application
import Domain
import Foundation

/// Whether and how an account pays: what runs, what ends, and what somebody has to do. Times are in UTC, as all of money is.
struct PaymentView: Sendable {
  let account: String
  let isSetUp, mayManage, isTest: Bool
  let alarms: [Alarm]
  let rows: [Row]
  let hasRows: Bool
  /// Whether Stripe has pages of the account's own.
  let hasPortal: Bool

  /// What somebody has to do, and the way to it.
  struct Alarm: Sendable {
    let account, title, text: String
    let isBad: Bool
    /// The invoice to be paid.
    let invoice: String?
    /// Whether whoever looks may pay.
    let mayPay: Bool
  }

  /// A subscription that is not over.
  struct Row: Sendable {
    let account, tier, status, line: String
    let isGood: Bool
    /// What is to happen, that can be taken back.
    let coming: String?
    let mayUndo: Bool
    /// What was to happen and did not.
    let lapsed: String?
  }

  init(_ billing: AccountBilling, _ tenant: Tenant) {
    let account = tenant.account.id.text
    self.account = account
    isSetUp = billing.isSetUp
    mayManage = billing.isSetUp && tenant.allows(.manageBilling)
    isTest = billing.mode?.livemode == false
    let running = billing.state.subscriptions.filter { !$0.isOver }
    alarms = Alarm.all(running, billing.state.owed, account: account, mayPay: mayManage)
    rows = running.map { Row($0, account, mayUndo: billing.isSetUp && tenant.allows(.manageBilling)) }
    hasRows = !rows.isEmpty
    hasPortal = mayManage && !billing.state.subscriptions.isEmpty
  }
}

extension PaymentView.Row {
  fileprivate init(_ subscription: ListedSubscription, _ account: String, mayUndo: Bool) {
    self.account = account
    tier = subscription.tier.map { TierChoice($0).name } ?? "Nothing yet"
    status = SubscriptionWords.status(subscription.status)
    isGood = SubscriptionStatus(subscription.status).isPaid
    coming = Self.coming(subscription)
    line = Self.line(subscription, isComing: coming != nil)
    lapsed = subscription.lapsed.map { Self.lapsed($0, of: subscription) }
    self.mayUndo = mayUndo
  }

  private static func coming(_ subscription: ListedSubscription) -> String? {
    if let end = subscription.endsAt {
      return "Ends on \(LocalCalendar.utc.text(of: end, .minute)) (UTC): nothing is charged from then on."
    }
    guard let scheduled = subscription.scheduled else { return nil }
    let name = TierChoice(scheduled.tier).name
    return scheduled.at.map { "Becomes \(name) on \(LocalCalendar.utc.text(of: $0, .minute)) (UTC)." }
      ?? "Becomes \(name) at the end of what is paid."
  }

  private static func lapsed(_ upgrade: ListedSubscription.LapsedUpgrade, of subscription: ListedSubscription) -> String
  {
    let wanted = upgrade.tier.map { TierChoice($0).name } ?? "a higher tier"
    let kept = subscription.tier.map { " It is \(TierChoice($0).name), as before." } ?? ""
    return
      "The upgrade to \(wanted) was not paid, and lapsed on \(LocalCalendar.utc.text(of: upgrade.at, .minute)) (UTC): "
      + "nothing was charged for it.\(kept)"
  }

  private static func line(_ subscription: ListedSubscription, isComing: Bool) -> String {
    let paused = subscription.isCollectionPaused ? "Nothing is collected at the moment. " : ""
    guard subscription.tier != nil, let end = subscription.periodEnd else { return paused }
    let until = "The period ends on \(LocalCalendar.utc.text(of: end, .minute)) (UTC)"
    return paused + (isComing ? until + "." : "\(until), and the next is paid then.")
  }
}

extension PaymentView.Alarm {
  /// One for each subscription that waits for money, and one for each other invoice whose owners were told of it.
  fileprivate static func all(
    _ subscriptions: [ListedSubscription], _ owed: [ListedInvoice], account: String, mayPay: Bool
  ) -> [PaymentView.Alarm] {
    let waiting = subscriptions.filter { $0.isOwing || $0.status == "paused" }
    let invoices = Dictionary(
      owed.compactMap { invoice in invoice.subscription.map { ($0, invoice) } }, uniquingKeysWith: { first, _ in first }
    )
    let ofSubscriptions = waiting.map { subscription in
      Self(subscription, invoices[subscription.id], account, mayPay)
    }
    let told = Set(waiting.compactMap { invoices[$0.id]?.id })
    let others = owed.filter { !told.contains($0.id) && ($0.waitsForOwner || $0.failedAt != nil) }
    return ofSubscriptions + others.map { Self($0, account, mayPay) }
  }

  private init(_ subscription: ListedSubscription, _ invoice: ListedInvoice?, _ account: String, _ mayPay: Bool) {
    self.account = account
    self.mayPay = mayPay
    self.invoice = invoice?.id
    isBad = subscription.status != "paused"
    title = SubscriptionWords.alarm(subscription.status)
    let amount = invoice.map { "\($0.owed.text.shown) is open. " } ?? ""
    let bank = invoice?.waitsForOwner == true ? "Your bank wants you to confirm the payment. " : ""
    text = amount + bank + SubscriptionWords.consequence(subscription)
  }

  private init(_ invoice: ListedInvoice, _ account: String, _ mayPay: Bool) {
    self.account = account
    self.mayPay = mayPay
    self.invoice = invoice.id
    isBad = true
    title = invoice.waitsForOwner ? "A payment waits for you" : "A payment failed"
    let bank = invoice.waitsForOwner ? " Your bank wants you to confirm it." : ""
    let again =
      invoice.nextAttempt.map { " Stripe tries again on \(LocalCalendar.utc.text(of: $0, .minute)) (UTC)." } ?? ""
    text = "\(invoice.owed.text.shown) is open.\(bank)\(again)"
  }
}

/// Stripe's words, in ours.
enum SubscriptionWords {
  /// How a subscription stands; a word that nobody knows, as it is.
  static func status(_ word: String) -> String {
    switch word {
    case "active": "Active"
    case "trialing": "On trial"
    case "past_due": "Payment is overdue"
    case "unpaid": "Not paid"
    case "incomplete": "Waits for its first payment"
    case "incomplete_expired": "Never paid"
    case "canceled": "Ended"
    case "paused": "Paused"
    default: word.shown
    }
  }

  static func alarm(_ word: String) -> String {
    switch word {
    case "past_due": "A payment is overdue"
    case "unpaid": "An invoice was not paid"
    case "incomplete": "The first payment is not complete"
    default: "The subscription is paused"
    }
  }

  static func consequence(_ subscription: ListedSubscription) -> String {
    switch subscription.status {
    case "past_due":
      let end = subscription.pastDueSince.map {
        " until \(LocalCalendar.utc.text(of: $0 + .days(Int64(SubscriptionChanged.daysOfPatience)), .day)) (UTC) at the latest"
      }
      return "The tier stays\(end ?? " for a while"): pay, or it ends and its quota with it, at once."
    case "unpaid": return "The account has what it has without it. Once it is paid, the tier is back."
    case "incomplete": return "The tier counts as soon as it is paid."
    default: return "It gives nothing until it is resumed, which is done on Stripe's page."
    }
  }
}
