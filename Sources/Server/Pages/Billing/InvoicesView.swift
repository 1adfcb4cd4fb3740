import Application
import Domain
import Foundation

/// What an account was charged, each with what it used in that month. Times are in UTC.
struct InvoicesView: Sendable {
  let rows: [Row]
  let next: String?
  /// Whether whoever looks may open them, and that is possible here.
  let mayOpen: Bool
  let account: String

  struct Row: Sendable {
    let id, date, number, status, amount, month, monthPath, usage, path: String
    /// What of the amount is tax; nil where none was reckoned.
    let tax: String?
    let isGood, isBad: Bool
    let notes: [String]
  }

  /// Nil where there never was one.
  init?(_ page: Page<MeteredInvoice, InvoicePlace>, _ tenant: Tenant, _ billing: AccountBilling?) {
    rows = page.entries.map { Row($0, tenant) }
    guard !rows.isEmpty else { return nil }
    account = tenant.account.id.text
    mayOpen = billing?.isSetUp == true && tenant.allows(.manageBilling)
    next = page.next.map {
      Place.billing.with([("account", tenant.account.id.text), ("after", Cursor($0.created, $0.id).text)]).path
    }
  }
}

extension InvoicesView.Row {
  fileprivate init(_ entry: MeteredInvoice, _ tenant: Tenant) {
    let invoice = entry.invoice
    id = invoice.id
    date = LocalCalendar.utc.text(of: invoice.created, .day)
    number = invoice.number?.shown ?? "without a number"
    status = Self.word(invoice.status)
    (isGood, isBad) = (invoice.status == "paid", ["open", "uncollectible"].contains(invoice.status))
    amount = MoneyAmount(Int(invoice.total), invoice.currency).text.shown
    tax = invoice.tax.flatMap { $0 == 0 ? nil : Int($0) }.map { MoneyAmount(Int($0), invoice.currency).text.shown }
    month = entry.month.name
    let account = tenant.account.id.text
    monthPath = Place.billing.appending(entry.month.description).with([("account", account)]).path
    usage = entry.usage.map { "\(Text.number($0.used)) of \(Text.number($0.quota))" } ?? "–"
    path = Place.billing.appending("invoices").appending(invoice.id).appending("document").path
    notes = Self.notes(invoice)
  }

  private static func word(_ status: String) -> String {
    switch status {
    case "paid": "Paid"
    case "open": "Open"
    case "uncollectible": "Given up"
    case "void": "Void"
    default: status.shown
    }
  }

  private static func notes(_ invoice: ListedInvoice) -> [String] {
    let refunded =
      invoice.refunded > 0 ? "\(MoneyAmount(Int(invoice.refunded), invoice.currency).text.shown) refunded" : nil
    let dispute = invoice.dispute.map { $0 == "open" ? "disputed" : "dispute: \($0.shown)" }
    let next = invoice.nextAttempt.map { "tried again on \(LocalCalendar.utc.text(of: $0, .day))" }
    return [refunded, dispute, invoice.status == "open" ? next : nil].compactMap(\.self)
  }
}
