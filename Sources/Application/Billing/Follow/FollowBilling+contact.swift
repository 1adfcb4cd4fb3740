import Domain
import EventLog
import Foundation

extension FollowBilling {
  /// Bills follow the address of whoever they were made out to, and go to a remaining owner when that person owns the account no more. An address that
  /// was entered at Stripe is nobody's here: it stays.
  func moveContacts(of account: UUID, _ customers: [StripeCustomer], in mode: StripeMode) async throws {
    guard !customers.isEmpty else { return }
    let contacts = BillingContacts(log: log)
    let owners = try await contacts.owners(of: account)
    guard !owners.isEmpty else { return }
    for known in customers {
      guard let customer = known.customer else { continue }
      let stream = StripeStream(customer, in: mode)
      let told = try await contacts[stream]
      if let told, owners.contains(where: { $0.contact == told }) { continue }
      try await moveContact(of: stream, account, from: told, among: owners)
    }
  }

  /// - Parameter told: nil: it is not known whose address was given.
  private func moveContact(
    of stream: StripeStream, _ account: UUID, from told: BillingContacts.Contact?, among owners: [BillingContacts.Owner]
  ) async throws {
    let contacts = BillingContacts(log: log)
    let place = "/v1/customers/\(stream.subject.pathSegment)"
    let found: StripeReply
    do { found = try await client.get(place) } catch let failure as StripeFailure where failure.isMissing { return }
    let digest = try await contacts.digest(found["email"].string)
    let former = owners.first { $0.contact.digest == digest || $0.formerDigests.contains(digest) }
    let person = told?.person ?? former?.contact.person
    guard let next = (owners.first { $0.contact.person == person } ?? owners.first)?.contact else { return }
    let isTheirs = told.map { $0.digest == digest } ?? (former != nil)
    if isTheirs, digest != next.digest, let email = try await contacts.address(of: next.person) {
      _ = try await client.post(place, ["email": email], key: nil)
    }
    try await contacts.keep(next, of: stream, account)
  }
}
