package import Domain
import EventLog
package import Foundation

extension BillingDesk {
  /// A page of Stripe's where the tier is paid. Asked again for the same tier it is the same page; for another the old one is expired first.
  ///
  /// Each turn does one thing that is still to be done, found by what is noted: so it goes on after a crash, and after another browser's.
  package func checkout(
    _ tier: Tier, of account: UUID, back: BillingReturn, by actor: Actor
  ) async throws -> BillingPage {
    try await requireRight(account, actor)
    let price = try await price(of: tier)
    let mode = try await side.mode()
    var recorded: Recorded?
    for _ in 0..<6 {
      let known = try await billing(account).checkout
      // One of another side is none that this key can open or close.
      if known.map({ $0.request.price == price || !$0.request.isOf(mode) }) ?? true {
        // Also where a page is open: what was bought meanwhile is not to be bought again.
        let request = try await request(tier, price, of: account, by: actor)
        recorded = try await decide(.requestCheckout(request), on: account, by: actor)
      }
      guard let checkout = try await billing(account).checkout else { continue }
      guard let opened = checkout.opened else {
        try await open(checkout.request, of: account, back: back, by: actor)
        continue
      }
      let stream = StripeStream(opened.customer, in: try await side.mode())
      let path = "/v1/checkout/sessions/\(opened.session.pathSegment)"
      let session = try await client.get(path)
      if session["status"].string == "open" {
        // One of before taxes were switched on would begin what is not taxed.
        if opened.price == price, tax == nil || Self.isTaxed(session.json), let url = session["url"].string {
          return BillingPage(url: url, recorded: recorded)
        }
        try await expire(path)
      }
      // It is of no use any more: what Stripe says of it closes it.
      try await book.record(try await client.get(path), knowing: [], in: stream)
      if let paid = session["subscription"].id { try await follow.fetch(subscription: paid, in: stream) }
      try await follow(account)
    }
    throw Billing.Failure.unsettled
  }

  private func request(
    _ tier: Tier, _ price: String, of account: UUID, by actor: Actor
  ) async throws -> CheckoutRequested {
    let mode = try await side.mode()
    return CheckoutRequested(
      accountID: account, stripeAccount: mode.stripeAccount, livemode: mode.livemode, commandID: newID(), tier: tier,
      price: price, requestedBy: actor.userID)
  }

  private func open(
    _ request: CheckoutRequested, of account: UUID, back: BillingReturn, by actor: Actor
  ) async throws {
    let customer = try await customer(of: account, for: request.requestedBy)
    let form = try await form(of: request, customer.subject, back)
    let session = try await client.make(
      "/v1/checkout/sessions", form, key: "\(request.commandID.text)-checkout"
    ) { try await find(request, of: customer.subject) }
    let opened = CheckoutOpened(
      accountID: account, commandID: request.commandID, customer: customer.subject, session: session.id,
      tier: request.tier, price: request.price, expiresAt: session["expires_at"].time ?? clock.now + .days(1))
    _ = try await decide(.openedCheckout(opened), on: account, by: actor)
    // Another browser may have asked for another tier since: of two pages one would be paid in vain.
    guard try await billing(account).checkout?.opened?.session != session.id else { return }
    try await expire("/v1/checkout/sessions/\(session.id.pathSegment)")
  }

  private func form(
    of request: CheckoutRequested, _ customer: String, _ back: BillingReturn
  ) async throws -> StripeForm {
    let form: StripeForm = [
      "mode": "subscription", "customer": customer, "client_reference_id": request.accountID.text,
      "line_items[0][price]": request.price, "line_items[0][quantity]": "1", "success_url": back.success,
      "cancel_url": back.cancelled, "metadata[recount_command]": request.commandID.text,
    ]
    return try await form + side.metadata(account: request.accountID)
      + side.metadata(account: request.accountID, at: "subscription_data[metadata]") + taxOfCheckout
  }

  /// One that was opened though its answer was lost.
  private func find(_ request: CheckoutRequested, of customer: String) async throws -> StripeReply? {
    let query: StripeForm = ["customer": customer, "limit": "100"]
    for found in try await client.get("/v1/checkout/sessions", query)["data"].elements {
      guard let id = found.id, found["metadata"]["recount_command"].string == request.commandID.text else { continue }
      return try await client.get("/v1/checkout/sessions/\(id.pathSegment)")
    }
    return nil
  }

  /// Stripe refuses it for one that has been paid, or has expired, meanwhile: which the next look tells.
  func expire(_ path: String) async throws {
    do { _ = try await client.post("\(path)/expire", key: nil) } catch let failure as StripeFailure
      where failure.kind == .refused
    {}
  }

  /// What a checkout has come to, as Stripe says when asked: for whoever came back from it and hears nothing.
  @discardableResult
  package func confirm(
    session: String, of account: UUID, by actor: Actor
  ) async throws -> BillingSessionState {
    try await requireRight(account, actor)
    let mode = try await side.mode()
    let answer: StripeReply
    do { answer = try await client.get("/v1/checkout/sessions/\(session.pathSegment)") } catch let failure
      as StripeFailure where failure.isMissing
    { throw Billing.Failure.noSubscription }
    let streams = try await BillingCustomers(log: log).streams(of: account, in: mode)
    guard let stream = streams.first(where: { $0.subject == answer["customer"].id }) else {
      throw Billing.Failure.noSubscription
    }
    try await book.record(answer, knowing: [], in: stream)
    if let paid = answer["subscription"].id { try await follow.fetch(subscription: paid, in: stream) }
    try await follow(account)
    return answer["status"].string.flatMap(BillingSessionState.init(rawValue:)) ?? .open
  }
}
