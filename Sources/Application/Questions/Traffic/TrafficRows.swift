import Domain
import EventLog
import Postgres

/// The spans of a question about traffic, as rows of series count them.
struct CountedSpans: Sendable {
  let own: TrafficSpan
  /// Which it is compared with.
  let other: TrafficSpan?
  /// Where detail begins.
  let detailFrom: Instant
  /// Whether labels are known of all of the span that is compared with.
  var isOtherKept: Bool { other.map { $0.range.lowerBound >= detailFrom && $0.range == asked } ?? true }
  /// The span that is compared with, in quarters of an hour.
  private let asked: Range<Instant>?

  /// Of labels nothing is known where detail is gone; of all requests together, days are.
  init(_ span: TrafficSpan, _ terms: TrafficTerms, detailFrom: Instant) {
    func counted(_ span: TrafficSpan) -> TrafficSpan {
      terms.filter.isEmpty ? span.widened(detailFrom: detailFrom) : span.kept(detailFrom: detailFrom)
    }
    own = counted(span)
    other = terms.comparison.map { counted(span.other($0)) }
    asked = terms.comparison.map { span.other($0).inQuarters.range }
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
  /// Answers out of rows alone, all as of one position. `question` says all that is asked but the span and the terms: what was answered to it
  /// before is the answer while nothing that it was made of has changed.
  func ofRows<Value: Remembered>(
    _ span: TrafficSpan, _ terms: TrafficTerms, _ question: String,
    _ body: nonisolated(nonsending) @Sendable (Snapshot, CountedSpans) async throws -> Value
  ) async throws -> Answered<Value> {
    // Rows tell what all requests came to, or those of one label.
    let key = AnswerMemory.Key(question, span.inQuarters, of: terms.filter.label, against: terms.comparison)
    let asked = TrafficStateQuestion(shard: shard(of: span.account), span: span.covering(terms.comparison))
    return try await whereItIs { try await ofRows(span, terms, key, asked, body) }
  }

  private func ofRows<Value: Remembered>(
    _ span: TrafficSpan, _ terms: TrafficTerms, _ key: AnswerMemory.Key, _ asked: TrafficStateQuestion,
    _ body: nonisolated(nonsending) @Sendable (Snapshot, CountedSpans) async throws -> Value
  ) async throws -> Answered<Value> {
    let state = try Self.present(try await ask(asked))
    if let known: Value = memory.value(key, version: state.version) {
      return answered(known, state, CountedSpans(span, terms, detailFrom: state.detailFrom ?? .distantPast))
    }
    return try await log.pool.transaction(.repeatableRead, readOnly: true) { [memory] connection in
      // It may have moved since.
      let state = try Self.present(try await ask(asked, on: connection))
      let spans = CountedSpans(span, terms, detailFrom: state.detailFrom ?? .distantPast)
      let value = try await body(Snapshot(asOf: state.asOf, self, on: connection), spans)
      memory.remember(value, of: key, version: state.version)
      return answered(value, state, spans)
    }
  }

  private static func present(_ found: [TrafficState]) throws -> TrafficState {
    guard let state = found.first else { throw ReadModelMissing(projection: TrafficStateQuestion.file.projection) }
    return state
  }

  private func answered<Value: Sendable>(
    _ value: Value, _ state: TrafficState, _ spans: CountedSpans
  ) -> Answered<Value> {
    Answered(
      value, state.asOf, detailFrom: state.detailFrom, range: spans.own.range, comparison: spans.comparison,
      version: identity + state.version)
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
