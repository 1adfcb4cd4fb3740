extension BillingFollowing {
  /// Of those that we opened and know as open. It grants nothing: its subscription does.
  mutating func sayCheckouts() {
    for (id, session) in facts.customers.flatMap(\.sessions.inOrder)
    where ["complete", "expired"].contains(session.status) {
      guard billing.checkout?.opened?.session == id || billing.superseded.contains(id) else { continue }
      sayOnce(.checkoutClosed(CheckoutClosed(accountID: facts.accountID, session: id, status: session.status)))
    }
  }
}
