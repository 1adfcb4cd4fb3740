import Domain

/// The spans of a question about traffic, as rows of series count them.
struct CountedSpans: Sendable {
  let own: TrafficSpan
  /// Which it is compared with.
  let other: TrafficSpan?
  /// Where detail begins.
  let detailFrom: Instant

  /// Of labels nothing is known where detail is gone; of all requests together, days are.
  init(_ span: TrafficSpan, _ terms: TrafficTerms, detailFrom: Instant) {
    func counted(_ span: TrafficSpan) -> TrafficSpan {
      terms.filter.isEmpty ? span.widened(detailFrom: detailFrom) : span.kept(detailFrom: detailFrom)
    }
    own = counted(span)
    other = terms.comparison.map { counted(span.other($0)) }
    self.detailFrom = detailFrom
  }

  var comparison: ComparedSpan? { other.map { ComparedSpan(range: $0.range, coverage: .whole($0.range)) } }
}

/// The numbers of a span, and of the one that it is compared with.
struct ComparedNumbers: Sendable {
  let own: TrafficNumbers
  let other: TrafficNumbers?
}

extension Questions {
  /// Answers out of rows alone, all as of one position.
  func ofRows<Value: Sendable>(
    _ span: TrafficSpan, _ terms: TrafficTerms,
    _ body: nonisolated(nonsending) @Sendable (Snapshot, CountedSpans) async throws -> Value
  ) async throws -> Answered<Value> {
    let found = try await traffic(span, shard: shard(of: span.account)) { snapshot, _, detailFrom in
      let spans = CountedSpans(span, terms, detailFrom: detailFrom)
      return (value: try await body(snapshot, spans), spans: spans)
    }
    let spans = found.value.spans
    return Answered(
      found.value.value, found.asOf, detailFrom: found.detailFrom, range: spans.own.range, comparison: spans.comparison)
  }
}

extension Snapshot {
  /// Of all requests, or of those of a label; nil where it takes the log to count them.
  nonisolated(nonsending) func numbers(
    _ spans: CountedSpans, of label: SoughtLabel?, shard: Int
  ) async throws -> ComparedNumbers? {
    guard let own = try await numbers(spans.own, of: label, shard: shard) else { return nil }
    guard let other = spans.other else { return ComparedNumbers(own: own, other: nil) }
    return try await numbers(other, of: label, shard: shard).map { ComparedNumbers(own: own, other: $0) }
  }

  private nonisolated(nonsending) func numbers(
    _ span: TrafficSpan, of label: SoughtLabel?, shard: Int
  ) async throws -> TrafficNumbers? {
    let days = try await days(of: label, span, shard: shard, parts: SpanDays(span.range).parts.map(\.day))
    return days.map { TrafficNumbers($0.total(of: span.range)) }
  }
}
