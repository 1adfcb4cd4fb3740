package import Domain

/// What a question about traffic is asked with beside its span.
package struct TrafficTerms: Sendable {
  /// Which requests are counted.
  package var filter: RequestFilter
  /// Which other span they are compared with; nil: none.
  package var comparison: SpanComparison?
  /// What may be looked at where it takes the log to count them.
  package var budget: RequestBudget

  /// All requests of the span alone, but for what is said.
  package init(
    _ filter: RequestFilter = RequestFilter(), comparedWith comparison: SpanComparison? = nil,
    budget: RequestBudget = .count
  ) {
    self.filter = filter
    self.comparison = comparison
    self.budget = budget
  }
}

/// What is compared with an entry of an answer: the same label in the other span.
package struct Counterpart: Sendable, Equatable {
  /// Nil where it can't be told: on some day of that span there were more labels than a day may have, and this was not among them.
  package let numbers: TrafficNumbers?
}
