package import Domain
import Foundation

/// How far behind the log an answer is.
package struct AsOf: Sendable, Equatable {
  /// The last event the answer knows of.
  package let position: Int64
  /// When that event was recorded; nil for an empty log.
  package let time: Instant?
  /// The log's last event.
  package let logPosition: Int64
}

/// An answer of a read model, and how far along the log that is: both from one snapshot, so that the position told is the position shown.
package struct Answered<Value: Sendable>: Sendable {
  /// What was asked for.
  package let value: Value
  /// What it is as of.
  package let asOf: AsOf
  /// Where a project's detail begins, for questions about detail; nil while all of it is kept.
  package let detailFrom: Instant?
  /// What the span asked about was widened to; nil where it is answered as it was asked.
  package let range: Range<Instant>?
  /// The same as long as the value is; nil where nothing tells that.
  package let version: [UInt8]?
  /// How much of the span was counted; nil: all of it.
  package let coverage: Coverage?
  /// The span that it is compared with, where one was asked for.
  package let comparison: ComparedSpan?

  init(
    _ value: Value, _ asOf: AsOf, detailFrom: Instant? = nil, range: Range<Instant>? = nil, coverage: Coverage? = nil,
    comparison: ComparedSpan? = nil, version: [UInt8]? = nil
  ) {
    self.value = value
    self.asOf = asOf
    self.detailFrom = detailFrom
    self.range = range
    self.coverage = coverage
    self.comparison = comparison
    self.version = version
  }
}

extension Answered {
  /// The same answer with another value.
  package func map<Other: Sendable>(_ transform: (Value) throws -> Other) rethrows -> Answered<Other> {
    Answered<Other>(
      try transform(value), asOf, detailFrom: detailFrom, range: range, coverage: coverage, comparison: comparison,
      version: version)
  }
}

extension Answered {
  /// The answer, where there is one.
  func there<Wrapped: Sendable>() -> Answered<Wrapped>? where Value == Wrapped? {
    value.map { value in map { _ in value } }
  }
}

extension Answered: Equatable where Value: Equatable {}
