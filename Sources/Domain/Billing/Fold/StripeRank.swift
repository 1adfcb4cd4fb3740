/// How far along an object is (R5): of all that was said of it, what ranks highest is so. A status that nobody knows ranks lowest: it takes nothing
/// back that is known.
struct StripeRank: Sendable, Hashable, Comparable {
  /// Of the status.
  var status: Int
  /// Of what grows while the status stays.
  var progress: Int
  var seen: StripeSeen

  static func < (one: StripeRank, other: StripeRank) -> Bool {
    (one.status, one.progress, one.seen) < (other.status, other.progress, other.seen)
  }
}

extension StripeRank {
  init(_ facts: InvoiceFacts, _ seen: StripeSeen) {
    self.init(
      status: Self.place(of: facts.status, in: [["draft"], ["open"], ["uncollectible"], ["void"], ["paid"]]),
      progress: facts.attemptCount, seen: seen)
  }

  init(_ facts: RefundFacts, _ seen: StripeSeen) {
    let order = [["pending"], ["requires_action"], ["succeeded"], ["canceled"], ["failed"]]
    self.init(status: Self.place(of: facts.status, in: order), progress: 0, seen: seen)
  }

  init(_ facts: DisputeFacts, _ seen: StripeSeen) {
    let order = [
      ["warning_needs_response", "warning_under_review", "needs_response"], ["under_review"],
      ["won", "lost", "warning_closed", "prevented"],
    ]
    self.init(status: Self.place(of: facts.status, in: order), progress: 0, seen: seen)
  }

  /// A payment that takes days completes its session before it is paid.
  init(_ facts: SessionFacts, _ seen: StripeSeen) {
    self.init(
      status: Self.place(of: facts.status, in: [["open"], ["expired"], ["complete"]]),
      progress: facts.paymentStatus == "paid" ? 1 : 0, seen: seen)
  }

  init(_ facts: InvoicePaymentFacts, _ seen: StripeSeen) {
    self.init(
      status: Self.place(of: facts.status, in: [["open"], ["canceled"], ["paid"]]), progress: 0, seen: seen)
  }

  init(_ facts: ScheduleFacts, _ seen: StripeSeen) {
    let order = [["not_started"], ["active"], ["completed", "released", "canceled"]]
    self.init(status: Self.place(of: facts.status, in: order), progress: 0, seen: seen.madeFirst)
  }

  init(_ facts: ChargeFacts, _ seen: StripeSeen) {
    self.init(status: facts.refunded ? 1 : 0, progress: facts.amountRefunded, seen: seen)
  }

  init(_ facts: WarningFacts, _ seen: StripeSeen) { self.init(status: 0, progress: 0, seen: seen) }

  private static func place(of status: String, in order: [[String]]) -> Int {
    order.firstIndex { $0.contains(status) } ?? -1
  }
}
