/// What a GET answered.
struct StripeAnswer: Sendable {
  let seen: StripeSeen
  private let facts: StripeFacts
  private let knownEvents: Set<String>

  /// As the log has it.
  init(_ answer: StripeObjectFetched) {
    (seen, facts, knownEvents) = (StripeSeen(answer), answer.facts, Set(answer.knownEvents))
  }

  /// Whether the fold would come to nothing else by another.
  func saysTheSame(as other: StripeAnswer) -> Bool { facts == other.facts && knownEvents == other.knownEvents }

  /// Of two in one second the one is later that knew more.
  func isLater(than other: StripeAnswer) -> Bool {
    (seen.at, knownEvents.count, seen.id) > (other.seen.at, other.knownEvents.count, other.seen.id)
  }
}
