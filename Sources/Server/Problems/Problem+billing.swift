import Application
import Domain
import HTTPTypes

/// What is turned down of what people ask about money. What Stripe says of it is for the operator's log alone.
extension Problem {
  /// Nil for any other error.
  init?(billing error: any Error) {
    switch error {
    case let failure as Billing.Failure: self.init(failure)
    case let failure as StripeFailure: self.init(failure)
    case is BillingDesk.NoSuchInvoice: self = .noInvoice
    default: return nil
    }
  }

  static let noInvoice = Problem(.invoiceNotFound, "the account has no invoice of this id")

  static let billingNotSetUp = Problem(
    .billingNotSetUp,
    "nothing can be paid on this installation: whoever runs it sets billing up with a key of Stripe's, or gives the account its tier"
  )

  private init(_ failure: Billing.Failure) {
    switch failure {
    case .noSubscription: self.init(.notSubscribed, "no subscription of the account runs: begin with a checkout")
    case .subscribed(let tier):
      self.init(
        .alreadySubscribed, "the account subscribes to \(tier.rawValue): change that instead of beginning another",
        members: ["tier": .string(tier.rawValue)])
    case .owing(let status, let invoice): self = .owing(status, invoice)
    case .notSold(let tier):
      self.init(.tierNotSold, "\(tier.rawValue) is not sold here", members: ["tier": .string(tier.rawValue)])
    case .unchanged(let tier):
      self.init(
        .tierUnchanged, "the account has \(tier.rawValue), or is to have it, already",
        members: ["tier": .string(tier.rawValue)])
    case .nothingToUndo: self.init(.nothingToUndo, "nothing is ending or scheduled that could be taken back")
    case .unsettled:
      self.init(
        .billingUnsettled, "Stripe has said something that does not fit yet: ask again in a moment",
        headers: [.retryAfter: "2"])
    case .addressMissing:
      self.init(
        .billingAddressMissing,
        "tax can't be reckoned before the account's address is known: give it on the page that the portal leads to")
    case .noSuchAttention: self.init(.notFound, "there is no such thing to be looked at")
    }
  }

  private static func owing(_ status: String, _ invoice: String?) -> Problem {
    var members: [String: JSONValue] = ["subscription_status": .string(status)]
    members["invoice_id"] = invoice.map { .string($0) }
    let way =
      invoice.map { "pay invoice \($0) first: its links lead to where that is done" }
      ?? "pay what is open first: the portal leads to it"
    return Problem(.paymentOwed, "the account's subscription is \(status): \(way)", members: members)
  }

  private init(_ failure: StripeFailure) {
    switch failure.kind {
    case .away:
      self.init(
        .stripeUnavailable, "Stripe does not answer now: try again shortly, nothing is charged twice",
        headers: [.retryAfter: "5"])
    case .declined: self.init(.paymentDeclined, "the card was declined, and nothing was changed: try another")
    case .refused:
      self.init(.stripeRefused, "Stripe refused it, and nothing was changed: whoever runs the server was told")
    }
  }
}
