import Domain
import EventLog
package import Foundation

extension BillingDesk {
  /// Stripe's own pages: cards, addresses, what was paid.
  package func portal(of account: UUID, back: String, by actor: Actor) async throws -> BillingPage {
    try await requireRight(account, actor)
    let mode = try await side.mode()
    let customers = try await BillingCustomers(log: log).folded(of: account, in: mode)
    guard let customer = customers.last(where: { !$0.isDeleted })?.customer else {
      throw Billing.Failure.noSubscription
    }
    var form: StripeForm = ["customer": customer, "return_url": back]
    form.add("configuration", try await BillingMemory(pool: log.pool)[BillingSetup.portalName(mode)])
    let session = try await client.post("/v1/billing_portal/sessions", form, key: nil)
    guard let url = session["url"].string else {
      throw StripeFailure(status: nil, message: "a portal session has no address", requestID: session.requestID)
    }
    return BillingPage(url: url, recorded: nil)
  }

  /// There is no such invoice of the account's.
  package struct NoSuchInvoice: Error, Sendable {
    package let invoice: String
  }

  /// Links to an invoice's documents, which open for everybody who has them: fetched now, stored nowhere.
  package func documents(of invoice: String, in account: UUID, by actor: Actor) async throws -> BillingDocuments {
    try await requireRight(account, actor)
    let customers = try await BillingCustomers(log: log).folded(of: account, in: try await side.mode())
    guard customers.contains(where: { $0.invoices[invoice] != nil }) else { throw NoSuchInvoice(invoice: invoice) }
    let answer = try await client.get("/v1/invoices/\(invoice.pathSegment)")
    return BillingDocuments(page: answer["hosted_invoice_url"].string, pdf: answer["invoice_pdf"].string)
  }
}
