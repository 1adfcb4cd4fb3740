/// A delivery that is not taken: Stripe is told so, and it is counted.
package enum StripeEventRefused: Error, Sendable, Equatable {
  case signature(StripeSignature.Refusal)
  /// Of the other mode than our key's.
  case livemode
  /// Of an account connected to ours, which this installation knows nothing of.
  case connected
  /// Brings no object (`v2.core.event`).
  case thin
  case unreadable

  /// As it is counted.
  package var name: String {
    switch self {
    case .signature(let refusal): "signature_\(refusal.rawValue)"
    case .livemode: "livemode"
    case .connected: "connected"
    case .thin: "thin"
    case .unreadable: "unreadable"
    }
  }

  /// For whoever looks into Stripe's dashboard why a delivery failed.
  package var reason: String {
    switch self {
    case .signature(.missing): "there is no Stripe-Signature header"
    case .signature(.malformed): "the Stripe-Signature header can't be read"
    case .signature(.wrong):
      "no v1 signature matches: does STRIPE_WEBHOOK_SECRETS hold the signing secret of this endpoint?"
    case .signature(.stale), .signature(.future):
      "it was signed more than five minutes from now: is the server's clock right?"
    case .livemode: "the event is of the other mode than STRIPE_API_KEY"
    case .connected: "events of connected accounts are not taken: let the endpoint listen to your own account"
    case .thin: "thin events are not taken: let the endpoint send snapshots"
    case .unreadable: "the body can't be read as an event of Stripe's"
    }
  }
}
