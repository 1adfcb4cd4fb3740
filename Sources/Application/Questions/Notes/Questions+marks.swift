import Domain
import Foundation

extension Questions {
  /// What happened to a project in a span: what its people noted, what was voided, quotas crossed and tiers changed, and releases that it
  /// saw first. Of each kind the latest hundred. It is put together of three read models, and as of the one that is furthest behind.
  ///
  /// Throws ``ReadModelMissing``.
  package func marks(_ span: TrafficSpan) async throws -> Answered<Marks> {
    let shard = self.shard(of: span.account)
    let noted = try await snapshot(of: "notes", shard: shard) { snapshot in
      try await snapshot.noted(span, shard: shard)
    }
    let voided = try await answer(VoidsOfSpanQuestion(shard: shard, span: span, rows: Marks.most + 1), shard: shard)
    let released = try await firstReleases(span, limit: Marks.most + 1)
    let kinds = [voided.value, released.value] + noted.value
    let marks = Marks(
      marks: kinds.flatMap { $0.prefix(Marks.most) }.sorted { $0.at < $1.at },
      isWhole: kinds.allSatisfy { $0.count <= Marks.most })
    let asOf = [voided.asOf, released.asOf].reduce(noted.asOf) { $0.position < $1.position ? $0 : $1 }
    return Answered(marks, asOf)
  }
}

extension Snapshot {
  /// What people noted, and what happened to the account. Quotas of test calls are not told.
  fileprivate nonisolated(nonsending) func noted(_ span: TrafficSpan, shard: Int) async throws -> [[Mark]] {
    let annotations = try await ask(
      AnnotationsQuestion(shard: shard, project: span.project, range: span.range, place: nil, rows: Marks.most + 1))
    let account = try await ask(
      AccountMarksQuestion(shard: shard, account: span.account, range: span.range, rows: Marks.most + 1)
    ).compactMap(\.self)
    return [annotations.map(Mark.init), account.filter { span.mode == .live || !$0.isOfLiveQuota }]
  }
}

extension Mark {
  fileprivate init(_ annotation: ListedAnnotation) {
    self.init(
      at: annotation.at, until: annotation.until, what: .annotation(id: annotation.id, text: annotation.text))
  }

  fileprivate var isOfLiveQuota: Bool {
    if case .quotaCrossed = what { true } else { false }
  }
}
