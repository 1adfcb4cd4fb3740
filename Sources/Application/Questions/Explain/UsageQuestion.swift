package import Domain
import EventLog
package import Foundation
import Postgres

extension Questions {
  /// A page of what an account's month is made of, or a project's part of it; `shownAt` is a moment at which somebody saw it. What it costs
  /// does not grow with the log: rows of the read model usage; and where the moment lies within a day on which requests were recorded, a
  /// walk of that day, as far as `budget` lets it. Throws ``ReadModelMissing``.
  package func explainUsage(
    of account: UUID, project: UUID? = nil, mode: KeyMode, month: CalendarMonth, shownAt: Instant?,
    after place: UsagePlace? = nil, limit: Int, budget: UsageBudget = .standard
  ) async throws -> Answered<ExplainedUsage> {
    let subject = UsageSubject(
      shard: shard(of: account), account: account, project: project, month: month, mode: mode)
    var known: Int64?
    var isReadable = true
    if let shownAt {
      do { known = try await position(at: shownAt, on: subject.shard) } catch is ArchiveError { isReadable = false }
    }
    let rows = try await rows(of: subject, known: known, at: shownAt, after: place ?? .start, limit: limit)
    var explained = Draft(subject: subject, rows: rows.value, limit: limit)
    if let shownAt, let known = rows.value.known, explained.next == nil {
      try await explained.tellApart(
        at: shownAt, known, from: place ?? .start, upto: rows.asOf.position, budget,
        by: ExplainUsage(pool: log.pool, archive: archive))
    }
    if !isReadable { explained.stop = .archive }
    return rows.map { _ in explained.value(shownAt: shownAt, logPosition: rows.asOf.logPosition) }
  }

  /// Where a shard's log stood at a time, so that what stands after it was recorded later. Throws `ArchiveError`.
  func position(at time: Instant, on shard: Int) async throws -> Int64 {
    try await log.pool.transaction(readOnly: true) { [archive] connection in
      try await ArchiveReader.keepMonths(connection)
      return try await LogMoment.position(at: time, on: shard, archive: archive, connection)
    }
  }

  fileprivate struct Rows: Sendable {
    /// Where the log stood at the moment asked about.
    let known: Int64?
    /// One more than fit on a page, if there are.
    let rows: [UsagePiecesQuestion.Row]
    let split: [SplitPiecesQuestion.Split]
    let totals: (now: UsageTotals, then: UsageTotals)
    let used, calls: Int64
  }

  private func rows(
    of subject: UsageSubject, known: Int64?, at moment: Instant?, after place: UsagePlace, limit: Int
  ) async throws -> Answered<Rows> {
    try await snapshot(of: "usage", shard: subject.shard) { snapshot in
      let known = known.map { snapshot.asOf.known($0, at: moment) }
      let nothing = UsageTotals(tracked: 0, voided: 0, givenBack: 0)
      let totals = try await snapshot.ask(UsageTotalsQuestion(subject: subject, known: known)).first
      let rows =
        place.walked > 0
        ? []
        : try await snapshot.ask(
          UsagePiecesQuestion(subject: subject, known: known, place: place, rows: limit + 1))
      let split = try await known.asyncMap {
        try await snapshot.ask(SplitPiecesQuestion(subject: subject, known: $0))
      }
      let shown = try await snapshot.shown(subject)
      return Rows(
        known: known, rows: rows, split: split ?? [], totals: totals ?? (now: nothing, then: nothing), used: shown.used,
        calls: shown.calls)
    }
  }
}

extension Snapshot {
  /// What `usage` shows.
  fileprivate nonisolated(nonsending) func shown(_ subject: UsageSubject) async throws -> (used: Int64, calls: Int64) {
    guard let project = subject.project else {
      let months = try await ask(
        UsageMonthsQuestion(shard: subject.shard, account: subject.account, months: [subject.month]))
      let month = months.first { $0.mode == subject.mode }?.usage
      return (month?.used ?? 0, month?.calls ?? 0)
    }
    let keys = try await ask(
      UsageOfKeysQuestion(shard: subject.shard, project: project, month: subject.month, key: nil))
    let month = keys.first { $0.usage.mode == subject.mode }?.ofMode
    return (month?.used ?? 0, month?.calls ?? 0)
  }
}

extension Optional where Wrapped: Sendable {
  fileprivate nonisolated(nonsending) func asyncMap<Other>(
    _ transform: nonisolated(nonsending) (Wrapped) async throws -> Other
  ) async rethrows -> Other? {
    guard let self else { return nil }
    return try await transform(self)
  }
}

extension AsOf {
  /// Where the log stood at a moment, for what is told as of this: at a moment that was not before the last event, all that is told had been
  /// recorded, also what has come since somebody looked.
  func known(_ position: Int64, at moment: Instant?) -> Int64 {
    guard let moment, let time, moment >= time else { return position }
    return max(position, self.position)
  }
}

/// An explanation in the making.
private struct Draft {
  let subject: UsageSubject
  let rows: Questions.Rows
  var known: Int64? { rows.known }
  var pieces: [ExplainedPiece] = []
  var voids: [ExplainedVoid] = []
  /// Of what a moment splits in two, what had been recorded by then; nil while that is not known.
  var then: Int64?
  var next: UsagePlace?
  var stop: RequestPage.Stop?

  init(subject: UsageSubject, rows: Questions.Rows, limit: Int) {
    self.subject = subject
    self.rows = rows
    for row in rows.rows.prefix(limit) {
      switch row.entry(known: rows.known) {
      case .piece(let piece): pieces.append(piece)
      case .void(let void): voids.append(void)
      }
    }
    if rows.rows.count > limit { next = rows.rows[limit - 1].place }
    if rows.split.isEmpty { then = 0 }
  }

  private struct Sender: Hashable {
    let day: String
    let project, key: UUID
  }

  /// Walks what the moment splits in two, from where it was come to before.
  mutating func tellApart(
    at moment: Instant, _ known: Int64, from place: UsagePlace, upto end: Int64, _ budget: UsageBudget,
    by explain: ExplainUsage
  ) async throws {
    guard let first = rows.split.map(\.firstPosition).min(), let last = rows.split.map(\.lastPosition).max() else {
      return
    }
    let after = max(first - 1, place.walked)
    let began = ContinuousClock.now
    let walked: UsageExplanation
    do {
      walked = try await explain.stretch(
        of: subject.account, shard: subject.shard, mode: subject.mode, month: subject.month.description, after: after,
        upto: end, shownAt: moment, stepping: budget.step
      ) { after + $0 < last && $0 < budget.events && ContinuousClock.now - began < budget.time }
    } catch is ArchiveError {
      stop = .archive
      return
    }
    let split = Set(rows.split.map { Sender(day: $0.day.dayText, project: $0.project, key: $0.key) })
    let found = walked.tracked.filter { split.contains(Sender(day: $0.day, project: $0.projectID, key: $0.keyID)) }
    pieces += found.sorted { one, other in
      (one.day, one.projectID.text, one.keyID.text, one.firstPosition)
        < (other.day, other.projectID.text, other.keyID.text, other.firstPosition)
    }.map { piece in
      ExplainedPiece(
        day: piece.day, isLate: piece.isLate, projectID: piece.projectID, keyID: piece.keyID, events: piece.events,
        firstPosition: piece.firstPosition, lastPosition: piece.lastPosition)
    }
    let early = found.filter { $0.isLate == false }.reduce(place.then) { $0.addingSaturating($1.events) }
    guard walked.walked < min(last, end) else {
      then = early
      return
    }
    stop = .cost
    next = UsagePlace(
      day: rows.split[0].day, project: rows.split[0].project, key: rows.split[0].key, void: 0, walked: walked.walked,
      then: early)
  }

  func value(shownAt: Instant?, logPosition: Int64) -> ExplainedUsage {
    var comparison: UsageComparison?
    if let shownAt, let known, let then {
      var totals = rows.totals.then
      totals.tracked = totals.tracked.addingSaturating(then)
      comparison = UsageComparison(
        moment: shownAt, position: min(known, logPosition), then: totals, now: rows.totals.now)
    }
    return ExplainedUsage(
      shard: subject.shard, used: rows.used, calls: rows.calls, totals: rows.totals.now, pieces: pieces, voids: voids,
      comparison: comparison, next: next, stop: stop)
  }
}
