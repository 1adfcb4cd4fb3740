extension Billing {
  /// Why a command is turned down.
  package enum Failure: Error, Equatable {
    /// There is no such subscription of the account's, or it does not run.
    case noSubscription
    /// It pays already: its subscription is to be changed instead of another begun.
    case subscribed(Tier)
    /// What is owed is to be paid first.
    case owing(status: String, invoice: String?)
    /// The tier is not sold here.
    case notSold(Tier)
    /// It has that tier, or is to have it, already.
    case unchanged(Tier)
    /// Nothing is scheduled, or ending, that could be taken back.
    case nothingToUndo
    /// Stripe has said something that does not fit yet: in a moment it is known.
    case unsettled
    /// Tax can't be reckoned before somebody says where the account is.
    case addressMissing
    /// There is no such thing to be looked at.
    case noSuchAttention
  }
}
