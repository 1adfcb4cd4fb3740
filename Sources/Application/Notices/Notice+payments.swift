import Domain

/// What became of payments. None holds a link of Stripe's: those open without log-in.
extension Notice {
  static let payments: [Notice] = [
    Notice(
      "payment_failed", of: PaymentFailed.self, where: { $0.attempt == .first }, to: .owners,
      saying: [
        .account, .accountID, .money(\.amountDue, \.currency),
        .text("next") { $0.nextPaymentAttempt.map { "on \(MailDate($0).short)" } ?? "in the next days" },
      ], about: .payments, by: [.mail, .slack]),
    Notice(
      "payment_failed_last", of: PaymentFailed.self, where: { $0.attempt == .last }, to: .owners,
      saying: [.account, .accountID, .money(\.amountDue, \.currency)], about: .payments, by: [.mail, .slack]),
    Notice(
      "payment_action_required", of: PaymentActionRequired.self, to: .owners,
      saying: [.account, .accountID, .money(\.amountDue, \.currency)], about: .payments, by: [.mail, .slack]),
    Notice(
      "payment_recovered", of: PaymentRecovered.self, to: .owners,
      saying: [.account, .accountID, .money(\.amountPaid, \.currency)], about: .payments, by: [.mail, .slack]),
  ]
}

extension Fact {
  /// What is paid: `amount`.
  fileprivate static func money(_ amount: Path<Event, Int>, _ currency: Path<Event, String>) -> Self {
    Fact(name: "amount") { event, _ in
      .text(MoneyAmount(event[keyPath: amount], event[keyPath: currency]).text)
    }
  }
}
