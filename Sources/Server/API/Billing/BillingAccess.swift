import Application
import Domain
import Foundation
import Hummingbird

/// What routes and pages about money have in common: what is known without Stripe, and the desk that asks it.
struct BillingAccess: Sendable {
  let tenancy: Tenancy
  /// Nil: billing is not set up.
  let desk: BillingDesk?

  /// Whether tax is in the prices or comes on top; nil: none is taken.
  var tax: TaxBehavior? { desk?.tax }

  /// Throws the problem of an installation that takes no money.
  func required() throws -> BillingDesk {
    guard let desk else { throw Problem.billingNotSetUp }
    return desk
  }

  /// The same, to have Stripe called: as often as an account may be changed, so that nobody has us call without end. To end what is paid is never
  /// refused.
  func calling(for account: UUID) async throws -> BillingDesk {
    let desk = try required()
    try await tenancy.changes.take(account)
    return desk
  }

  /// The side of the Stripe account that counts; nil: of none, or one that can't be told now. Nobody is shown less because Stripe is away.
  func mode() async -> StripeMode? { try? await desk?.mode }

  /// What an account buys.
  func state(of account: ListedAccount) async throws -> AccountBilling {
    let mode = await mode()
    return AccountBilling(
      account: account, mode: mode, isSetUp: desk != nil, sold: (try? await desk?.sold()) ?? [],
      answered: try await tenancy.questions.billing(of: account.id, in: mode), now: tenancy.clock.now, tax: tax)
  }

  /// A page of its invoices, each with what was used in its month.
  func invoices(
    of account: UUID, after place: InvoicePlace? = nil, limit: Int
  ) async throws -> Answered<Page<MeteredInvoice, InvoicePlace>> {
    try await tenancy.questions.meteredInvoices(of: account, in: await mode(), after: place, limit: limit)
  }

  /// Moves a running subscription: up at once, down at the end of what is paid.
  ///
  /// - Parameter prorationDate: the preview's, of a higher tier; nil: now.
  func move(
    _ account: UUID, from current: Tier, to tier: Tier, prorationDate: Instant?, by actor: Actor
  ) async throws -> TierMove {
    let move: TierMove
    if tier > current {
      let desk = try await calling(for: account)
      let upgrade = try await desk.upgrade(to: tier, of: account, prorationDate: prorationDate, by: actor)
      move = TierMove(upgrade)
    } else if tier == .free {
      move = TierMove(scheduled: try await required().cancel(account, by: actor))
    } else {
      move = TierMove(scheduled: try await calling(for: account).downgrade(to: tier, of: account, by: actor))
    }
    await settle(move.recorded)
    return move
  }

  /// Waits, for a moment, until the read model shows what was recorded.
  func settle(_ recorded: Recorded?) async {
    if let recorded { _ = await tenancy.follower.follows(recorded, in: "billing") }
  }
}

/// What came of moving a subscription.
struct TierMove: Sendable {
  enum Outcome: String, Sendable, CaseIterable {
    /// It has the higher tier, as soon as Stripe says so.
    case done
    /// It has it once the payment is confirmed on Stripe's page.
    case pay
    /// It has the lower one from the end of what is paid on.
    case scheduled
  }

  let outcome: Outcome
  /// Stripe's page, where there is something to be confirmed.
  let url: String?
  let recorded: Recorded

  init(_ upgrade: BillingUpgrade) {
    switch upgrade.outcome {
    case .done: (outcome, url) = (.done, nil)
    case .pay(let page): (outcome, url) = (.pay, page)
    }
    recorded = upgrade.recorded
  }

  init(scheduled recorded: Recorded) { (outcome, url, self.recorded) = (.scheduled, nil, recorded) }
}

/// What an account buys, as it was answered.
struct AccountBilling: Sendable {
  let account: ListedAccount
  /// The side of the Stripe account that counts, as far as it is known.
  let mode: StripeMode?
  let isSetUp: Bool
  let sold: [Tier]
  let answered: Answered<BillingState>
  let now: Instant
  /// Whether tax is in the prices or comes on top; nil: none is taken.
  var tax: TaxBehavior?

  var state: BillingState { answered.value }
  /// What it has now, grants included.
  var tier: Tier { account.tier(at: now) }
}

/// An id of an invoice at Stripe, as paths have it.
enum InvoiceID {
  static let pattern = "^in_[A-Za-z0-9_]{1,64}$"

  /// Nil of what can't be one.
  static func read(_ text: String) -> String? {
    text.wholeMatch(of: /in_[A-Za-z0-9_]{1,64}/).map { String($0.output) }
  }
}

extension RecountContext {
  /// The invoice of a path. Throws the problem of one that can't be.
  var invoiceID: String {
    get throws {
      guard let id = InvoiceID.read(parameters.get("invoice_id") ?? "") else { throw Problem.noInvoice }
      return id
    }
  }
}

extension BillingReturn {
  /// Back to the page that waits for Stripe's word, or to where the tier was chosen.
  init(of account: UUID, tier: Tier, address: String) {
    let place = Place.billingReturn(account: account, tier: tier)
    // Stripe puts the session's id in place of the braces.
    self.init(
      success: "\(address)\(place.path)&session={CHECKOUT_SESSION_ID}",
      cancelled: address + Place.billing(account: account).path)
  }
}
