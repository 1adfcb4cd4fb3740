import Application
import Domain
import Foundation
import Hummingbird

/// The way through Stripe's pages and back: paying for a tier, the page that waits for Stripe's word, the portal, and an invoice's documents.
struct CheckoutPages: Sendable {
  let site: Site

  /// So many looks, one a second, before Stripe is asked; and so many more after that.
  static let looks = 10

  func add(to pages: inout PageRoutes) {
    pages.get("/billing/return", for: .people, wait)
    site.changeOfMoney(&pages, "/billing/checkout", begin)
    site.changeOfMoney(&pages, "/billing/return", confirm)
    site.changeOfMoney(&pages, "/billing/portal", portal)
    site.changeOfMoney(&pages, "/billing/invoices/{invoice_id}/document", document)
  }

  private func begin(_ call: PageCall, _ form: Form, _ account: UUID, _ actor: Actor) async throws -> PageAnswer {
    let desk = try await site.billing.calling(for: account)
    let tier = try form.tier()
    let back = BillingReturn(of: account, tier: tier, address: site.address)
    return .payment(try await desk.checkout(tier, of: account, back: back, by: actor).url)
  }

  /// Looks; who is back sees it as soon as it is known. Nothing is asked of Stripe by looking.
  private func wait(_ call: PageCall) async throws -> PageAnswer {
    let tenant = try await site.tenant(of: call, to: .manageBilling)
    _ = try site.billing.required()
    let waiting = ReturnAddress(account: tenant.account.id) { call.parameter($0) }
    let billing = try await unlessMissing { try await site.billing.state(of: tenant.account) }
    if let billing, waiting.isPaid(billing.state) {
      return PageAnswer.seeOther(.billing(account: tenant.account.id), saying: .subscribed)
        .setting(call.cookies.without(call.cookies.tier))
    }
    return PageAnswer.page("billing/return", title: "Being confirmed", ReturnView(waiting, tenant), in: .billing).secret
  }

  private func confirm(_ call: PageCall, _ form: Form, _ account: UUID, _ actor: Actor) async throws -> PageAnswer {
    let desk = try await site.billing.calling(for: account)
    let waiting = ReturnAddress(account: account) { form.text($0) }
    guard let session = waiting.session else {
      throw Problem(.invalidParameter, "the page that Stripe led back to names no checkout: look at your billing")
    }
    let billing = Place.billing(account: account)
    switch try await desk.confirm(session: session, of: account, by: actor) {
    case .complete: return .seeOther(waiting.asked.place)
    case .open: return .seeOther(billing, saying: .notPaid)
    case .expired: return .seeOther(billing, saying: .checkoutOver)
    }
  }

  private func portal(_ call: PageCall, _ form: Form, _ account: UUID, _ actor: Actor) async throws -> PageAnswer {
    let back = site.address + Place.billing(account: account).path
    return .payment(try await site.billing.calling(for: account).portal(of: account, back: back, by: actor).url)
  }

  /// On to where it is seen and paid, or to the file. Such a link opens without log-in: it stands on no page.
  private func document(_ call: PageCall, _ form: Form, _ account: UUID, _ actor: Actor) async throws -> PageAnswer {
    let desk = try await site.billing.calling(for: account)
    let documents = try await desk.documents(of: try call.context.invoiceID, in: account, by: actor)
    guard let url = form["kind"] == "pdf" ? documents.pdf : documents.page else { throw Problem.noInvoice }
    return .payment(url)
  }
}

extension Site {
  /// A form by which somebody changes what an account pays, or goes where that is done. Where something is owed, back to the way to pay it.
  func changeOfMoney(
    _ pages: inout PageRoutes, _ path: String,
    _ work: @escaping @Sendable (PageCall, Form, UUID, Actor) async throws -> PageAnswer
  ) {
    pages.post(path, for: .people) { call in
      let (actor, form) = (try await call.actor(self), try await call.form())
      let account = try form.account()
      try await tenancy.access.require(.manageBilling, account: account, of: actor.userID)
      do { return try await work(call, form, account, actor) } catch Billing.Failure.owing {
        return .seeOther(.billing(account: account), saying: .payFirst)
      } catch Billing.Failure.addressMissing {
        return .seeOther(.billing(account: account), saying: .addressFirst)
      }
    }
  }
}

extension Form {
  /// A tier. Throws the problem of what is none.
  func tier(_ field: String = "tier") throws -> Tier {
    guard let tier = Tier(rawValue: self[field]) else {
      throw Problem(.invalidParameter, "there is no tier of this name: go back, and choose one of the list")
    }
    return tier
  }
}

/// Where Stripe led back to, and how often somebody has looked since.
struct ReturnAddress: Sendable {
  let account: UUID
  let tier: Tier?
  /// `cs_…`
  let session: String?
  let look: Int
  /// Whether Stripe was asked, and says that it is paid.
  let isAsked: Bool

  /// Of what an address, or a form, says.
  init(account: UUID, _ field: (String) -> String?) {
    self.account = account
    tier = field("tier").flatMap(Tier.init(rawValue:))
    session = field("session").flatMap { $0.wholeMatch(of: /cs_[A-Za-z0-9_]{1,250}/).map { String($0.output) } }
    look = field("look").flatMap { Int($0) }.map { min(max($0, 0), 1_000) } ?? 0
    isAsked = field("asked") == "yes"
  }

  private init(_ other: ReturnAddress, look: Int, isAsked: Bool) {
    (account, tier, session) = (other.account, other.tier, other.session)
    (self.look, self.isAsked) = (look, isAsked)
  }

  /// The same, looked at once more.
  var again: ReturnAddress { ReturnAddress(self, look: look + 1, isAsked: isAsked) }
  /// The same, after Stripe was asked.
  var asked: ReturnAddress { ReturnAddress(self, look: 0, isAsked: true) }

  var place: Place {
    Place.billingReturn.with([
      ("account", account.text), ("tier", tier?.rawValue), ("session", session), ("look", String(look)),
      ("asked", isAsked ? "yes" : nil),
    ])
  }

  /// Whether it is known to be paid.
  func isPaid(_ state: BillingState) -> Bool { state.tier > .free && state.tier >= tier ?? state.tier }
}

/// The page that waits for Stripe's word.
struct ReturnView: Sendable {
  let account: AccountView
  let billing: String
  let tier, session: String?
  /// Where to look again in a second; nil: not any more.
  let again: String?
  /// The same where no script looks, as a browser is told.
  let refresh: String?
  /// Whether it is time to ask Stripe.
  let isToAsk: Bool
  /// Whether it takes longer than it should.
  let isLate: Bool

  init(_ waiting: ReturnAddress, _ tenant: Tenant) {
    account = AccountView(tenant, at: .billing)
    billing = Place.billing(account: tenant.account.id).path
    (tier, session) = (waiting.tier?.rawValue, waiting.session)
    let isOver = waiting.look >= CheckoutPages.looks
    again = isOver ? nil : waiting.again.place.path
    refresh = again.map { "1;url=\($0)" }
    isToAsk = isOver && !waiting.isAsked && waiting.session != nil
    isLate = isOver && !isToAsk
  }
}
