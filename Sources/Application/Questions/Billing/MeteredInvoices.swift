package import Domain
package import Foundation

/// An invoice, and what the account used in the month that it was made in.
package struct MeteredInvoice: Sendable, Equatable {
  /// The invoice.
  package let invoice: ListedInvoice
  /// The calendar month (UTC) that the invoice was made in: a period of Stripe's begins on any day, and a quota never does.
  package let month: CalendarMonth
  /// Live events of that month; nil where nothing is known of it.
  package let usage: MonthUsage?
}

extension Questions {
  /// A page of an account's invoices, each with the month beside it: of two read models, as of that of the invoices.
  package func meteredInvoices(
    of account: UUID, in mode: StripeMode?, after place: InvoicePlace? = nil, limit: Int
  ) async throws -> Answered<Page<MeteredInvoice, InvoicePlace>> {
    let page = try await invoices(of: account, in: mode, after: place, limit: limit)
    let months = Set(page.value.entries.map { CalendarMonth(of: $0.created) }).sorted { $0.start < $1.start }
    let used = months.isEmpty ? [] : try await usage(of: account, months: months).value
    let usage = Dictionary(used.map { ($0.month, $0.live) }, uniquingKeysWith: { first, _ in first })
    return page.map { page in
      page.map { invoice in
        let month = CalendarMonth(of: invoice.created)
        return MeteredInvoice(invoice: invoice, month: month, usage: usage[month])
      }
    }
  }
}
