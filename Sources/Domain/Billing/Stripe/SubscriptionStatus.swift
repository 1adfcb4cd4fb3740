/// What Stripe's word for the status of a subscription means here. The words are an open enum: one that is none of these is not known, and takes
/// nothing from anybody.
package struct SubscriptionStatus: Sendable, Hashable {
  package let word: String

  /// Of Stripe's word.
  package init(_ word: String) { self.word = word }

  /// What a subscription is that has ended, or whose customer was deleted.
  package static let ended = SubscriptionStatus("canceled")

  /// Stripe never opens it again.
  package var isOver: Bool { ["canceled", "incomplete_expired"].contains(word) }
  /// It is paid for.
  package var isPaid: Bool { ["active", "trialing"].contains(word) }
  /// A renewal was not paid, and Stripe tries again: it entitles for a while.
  package var isPastDue: Bool { word == "past_due" }
  /// It takes nothing and gives nothing, and there is no paid period to wait for.
  package var isIdle: Bool { ["incomplete", "unpaid", "paused"].contains(word) }
  /// Something is to be paid before anything else.
  package var isOwing: Bool { ["past_due", "unpaid", "incomplete"].contains(word) }
  /// It runs: it entitles, for a while at least, and can be changed.
  package var isRunning: Bool { isPaid || isPastDue }
  /// Whether it is any of these.
  package var isKnown: Bool { isOver || isRunning || isIdle }
}

extension SubscriptionFacts {
  /// What its word means.
  var meaning: SubscriptionStatus { SubscriptionStatus(status) }
}
