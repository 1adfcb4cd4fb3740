package import Domain

/// How much of a span an answer counts.
package struct Coverage: Sendable, Equatable {
  /// Why not all of it was counted; nil where all was.
  package let stop: RequestPage.Stop?
  /// From when on everything is counted: what lies before is in no number.
  package let countedFrom: Instant

  /// Of all of a span.
  package static func whole(_ range: Range<Instant>) -> Coverage { Coverage(stop: nil, countedFrom: range.lowerBound) }
}

/// The other span that an answer compares with.
package struct ComparedSpan: Sendable, Equatable {
  /// As it was counted.
  package let range: Range<Instant>
  /// How much of it was.
  package let coverage: Coverage
}
