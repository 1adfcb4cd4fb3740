import Domain
import EventLog
import Foundation

extension BillingDesk {
  /// The account's customer at Stripe, made and linked where there is none that is still there.
  ///
  /// - Parameter person: whose address bills go to at first.
  func customer(of account: UUID, for person: UUID) async throws -> StripeStream {
    let mode = try await side.mode()
    let known = try await BillingCustomers(log: log).folded(of: account, in: mode)
    if let present = known.last(where: { !$0.isDeleted })?.customer { return StripeStream(present, in: mode) }
    let contacts = BillingContacts(log: log)
    let email = try await contacts.address(of: person)
    let customer = try await makeCustomer(of: account, email: email, number: known.count + 1)
    let stream = StripeStream(customer, in: mode)
    try await book.link(stream, to: account)
    if let email {
      let contact = BillingContacts.Contact(person: person, digest: try await contacts.digest(email))
      try await contacts.keep(contact, of: stream, account)
    }
    return stream
  }

  /// The key follows from the account: two who ask at once, or one who asks again, make one.
  private func makeCustomer(of account: UUID, email: String?, number: Int) async throws -> String {
    var form = try await side.metadata(account: account)
    form.add("email", email)
    let key = "\(try await side.installation())-customer-\(account.text)-\(number)"
    let made = try await client.make("/v1/customers", form, key: key) {
      try await findCustomer(of: account, email: email)
    }
    guard made.id.hasPrefix("cus_") else {
      throw StripeFailure(status: nil, message: "a customer was made that has no id", requestID: made.requestID)
    }
    return made.id
  }

  /// By its address and our metadata: a list says what was made a moment ago, a search only what was made a minute ago.
  private func findCustomer(of account: UUID, email: String?) async throws -> StripeReply? {
    var query: StripeForm = ["limit": "100"]
    query.add("email", email)
    for found in try await client.get("/v1/customers", query)["data"].elements {
      guard let id = found.id, found["metadata"]["recount_account"].string == account.text else { continue }
      return try await client.get("/v1/customers/\(id.pathSegment)")
    }
    return nil
  }
}
