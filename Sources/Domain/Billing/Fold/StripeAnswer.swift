/// What makes two answers to a GET the same: the fold comes to nothing else by the second.
struct StripeAnswer: Sendable, Hashable {
  private let object: String
  private let facts: StripeFacts
  private let knownEvents: Set<String>

  /// Of an answer.
  init(_ answer: StripeObjectFetched) {
    (object, facts, knownEvents) = (answer.objectID, answer.facts, Set(answer.knownEvents))
  }
}
