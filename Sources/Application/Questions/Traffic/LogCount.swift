import Domain
import EventLog

/// Counts requests over the log, some spans of one project after another, all as of one position and within one budget.
struct LogCount {
  /// A span, counted.
  struct Counted {
    let range: Range<Instant>
    let fold: TrafficFold
    let coverage: Coverage
    /// Whether it is all of what was asked about: kept, and looked at.
    let isWhole: Bool

    /// The labels that were called most, after a rank, and what another count has of them, where there is one.
    func ranked(after rank: TrafficRank?, limit: Int, against other: Counted?) -> [RankedLabel] {
      fold.ranked(after: rank, limit: limit).map { label in
        var label = label
        label.counterpart = other.map { $0.isWhole ? $0.fold.counterpart(of: label) : Counterpart(numbers: nil) }
        return label
      }
    }
  }

  let snapshot: Snapshot
  let questions: Questions
  let filter: RequestFilter
  /// Where the project's single requests begin; nil while all are kept.
  let detailFrom: Instant?
  private(set) var budget: RequestBudget

  /// Counts a span, as far as its requests are kept.
  nonisolated(nonsending) mutating func count(_ span: TrafficSpan, into fold: TrafficFold) async throws -> Counted {
    let kept = span.kept(detailFrom: detailFrom)
    let bounds = RequestBounds(kept.range, after: nil)
    var walk = RequestWalk(
      into: fold, snapshot: snapshot, log: try await questions.requestLog(kept, bounds, snapshot, nil),
      matcher: RequestMatcher(filter), bounds: bounds, budget: budget, atFirst: 4_000)
    let stop = try await walk.run(mustSettle: false)
    budget = budget.left(after: walk.spent)
    let settled = Instant(milliseconds: walk.settled)
    return Counted(
      range: kept.range, fold: walk.sink,
      coverage: stop.map { Coverage(stop: $0, countedFrom: settled) } ?? .whole(kept.range),
      isWhole: stop == nil && kept.range == span.inQuarters.range)
  }
}

extension Questions {
  /// Answers a question about a span out of the log: `body` counts that span, and whichever it is compared with, and says what they come to.
  /// Throws ``ReadModelMissing``, and `Gap` where the log is not what the read model knows it to be.
  func ofLog<Value: Sendable>(
    _ span: TrafficSpan, _ terms: TrafficTerms, fold: TrafficFold,
    _ body: nonisolated(nonsending) @Sendable (Snapshot, LogCount.Counted, LogCount.Counted?) async throws -> Value
  ) async throws -> Answered<Value> {
    try await oncePerArchive { try await ofLogAtHand(span, terms, fold: fold, body) }
  }

  private func ofLogAtHand<Value: Sendable>(
    _ span: TrafficSpan, _ terms: TrafficTerms, fold: TrafficFold,
    _ body: nonisolated(nonsending) @Sendable (Snapshot, LogCount.Counted, LogCount.Counted?) async throws -> Value
  ) async throws -> Answered<Value> {
    let shard = self.shard(of: span.account)
    let found = try await snapshot(of: "requests", shard: shard) { snapshot in
      let retention = RetentionOfRequestsQuestion(shard: shard, project: span.project)
      let detailFrom = try await snapshot.ask(retention).first
      var count = LogCount(
        snapshot: snapshot, questions: self, filter: terms.filter, detailFrom: detailFrom,
        budget: terms.budget)
      let own = try await count.count(span, into: fold)
      var other: LogCount.Counted?
      if let comparison = terms.comparison { other = try await count.count(span.other(comparison), into: fold) }
      return (
        value: try await body(snapshot, own, other), own: (own.range, own.coverage), detailFrom: detailFrom,
        other: other.map { ComparedSpan(range: $0.range, coverage: $0.coverage) }
      )
    }
    return Answered(
      found.value.value, found.asOf, detailFrom: found.value.detailFrom, range: found.value.own.0,
      coverage: found.value.own.1, comparison: found.value.other)
  }
}
