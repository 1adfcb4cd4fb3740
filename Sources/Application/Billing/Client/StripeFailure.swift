/// Stripe did not do what it was asked.
package struct StripeFailure: Error, Sendable, CustomStringConvertible {
  /// Of its answer; nil: there was none.
  package let status: Int?
  /// Stripe's word, such as `resource_missing` or `card_declined`.
  package let code: String?
  /// Stripe's, for whoever runs this installation: never for its people, whom it may tell of each other.
  package let message: String
  /// `req_…`, by which Stripe's dashboard finds the call.
  package let requestID: String?
  package let kind: Kind
  /// Seconds that Stripe asks to wait.
  var retryAfter: Int64?

  /// What it means for who asked.
  package enum Kind: Sendable, Equatable {
    /// Stripe can't be reached, or is ill: the same again later.
    case away
    /// The bank of the card says no.
    case declined
    /// Anything else: somebody has to look at it.
    case refused
  }

  init(status: Int?, type: String? = nil, code: String? = nil, message: String, requestID: String? = nil) {
    self.status = status
    self.code = code ?? type
    self.message = message
    self.requestID = requestID
    kind =
      switch status {
      case nil, 409?, 429?, (500...)?: .away
      case 402?: .declined
      default: type == "card_error" ? .declined : .refused
      }
  }

  /// There is no such object.
  var isMissing: Bool { status == 404 || code == "resource_missing" }
  /// Tax can't be reckoned: nobody has said where the customer is.
  var isOfUnknownPlace: Bool { code == "customer_tax_location_invalid" }
  /// The key was used for another call: ours of before, with other parameters.
  var isOfReusedKey: Bool { code == "idempotency_error" }

  /// For logs.
  package var description: String {
    let answer = status.map { "Stripe answered \($0)" } ?? "no answer from Stripe"
    return "\(answer)\(code.map { " (\($0))" } ?? ""): \(message)\(requestID.map { ", request \($0)" } ?? "")"
  }
}
