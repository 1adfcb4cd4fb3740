package import Domain
package import EventLog
import Foundation
import Postgres

/// Has read models forget the detail that a project's tier no longer keeps, by appending `retention_applied`. Daily totals stay.
///
/// Which projects have old detail is asked of the read models, which may lag: then it is done a day later. How much of it may go is
/// decided on the account's own stream as it is at that moment, so that an upgrade before the purge keeps it.
///
/// What time it is, is never for one clock to say: one that is a year ahead would have everything forgotten. Where the server's and the
/// database's agree, it is as late as both say, however silent the shard; where they don't, no later than when its last event was
/// recorded, and the run fails with ``HeldBack``, which is what `recount status` shows.
package struct RetentionJob: ScheduledJob {
  private let log: Log
  private let questions: Questions
  private let clock: any WallClock

  /// `retention`
  package let name = "retention"
  /// Detail ends with a day (UTC).
  package let interval = Duration.days(1)
  /// Which projects there are, and how old their detail is.
  package let readModels = ["directory", "traffic", "usage"]

  /// Projects looked at with one query each of the read models.
  private static let page = 500

  /// Over an open log, with the queries of the read models. Throws when one of them is missing.
  package init(log: Log, queries: QueryCatalog, clock: any WallClock = SystemClock()) throws {
    self.log = log
    self.clock = clock
    questions = try Questions(log: log, queries: queries)
  }

  /// A project and the oldest detail that there is of it.
  private struct Candidate {
    let project: UUID
    let account: UUID
    let oldest: Instant
  }

  /// Appends at most one event per project, however long nobody ran it. Throws ``HeldBack`` when all is done but what only one of two
  /// clocks says is due.
  package func run(now: Instant) async throws {
    let difference = try await ClockDifference(of: clock, to: log.pool)
    let latest = max(now, now - difference.ahead)
    var silent: [Int] = []
    for shard in log.shards.all {
      guard let recorded = try await lastRecorded(shard) else { continue }
      guard !difference.isWithinBound else {
        try await retain(shard, now: now)
        continue
      }
      let reached = min(now, recorded)
      try await retain(shard, now: reached)
      // Detail ends with a day: within the same one there is nothing to hold back.
      if TierHistory.beginning(of: 1, before: reached) < TierHistory.beginning(of: 1, before: latest) {
        silent.append(shard)
      }
    }
    if !silent.isEmpty { throw HeldBack(difference: difference, shards: silent) }
  }

  private func retain(_ shard: Int, now: Instant) async throws {
    var last: UUID?
    repeat {
      let page = try await questions.everyProject(on: shard, after: last, limit: Self.page)
      for candidate in try await candidates(page.entries, shard) { try await apply(candidate, shard, now: now) }
      last = page.next
    } while last != nil
  }

  private func apply(_ candidate: Candidate, _ shard: Int, now: Instant) async throws {
    try Task.checkCancellation()
    guard candidate.oldest < TierHistory.beginning(of: 1, before: now) else { return }
    var history = TierHistory()
    for stored in try await log.stream(.account(candidate.account, shard: shard)) {
      history.evolve(try stored.event(Account.Event.self), at: stored.recordedAt)
    }
    guard let tier = history.keeping(at: now) else { return }
    let before = TierHistory.beginning(of: tier.detailDays, before: now)
    guard candidate.oldest < before else { return }
    let applied = RetentionApplied(
      accountID: candidate.account, projectID: candidate.project, before: before, tier: tier, days: tier.detailDays)
    try await log.handle(
      .apply(applied), by: Retention.self,
      on: .retention(of: candidate.project, account: candidate.account, shard: shard))
  }

  private func candidates(_ homes: [EveryProjectQuestion.Home], _ shard: Int) async throws -> [Candidate] {
    let projects = homes.map(\.project)
    let found =
      try await questions.oldestDetail(of: projects, on: shard) + questions.oldestHours(of: projects, on: shard)
    let oldest = Dictionary(found.map { ($0.project, $0.at) }, uniquingKeysWith: min)
    return homes.compactMap { home in
      oldest[home.project].map { Candidate(project: home.project, account: home.account, oldest: $0) }
    }
  }

  /// Nil when there is nothing in it yet.
  private func lastRecorded(_ shard: Int) async throws -> Instant? {
    try await log.pool.query(
      "SELECT recorded_at FROM log.heads WHERE shard = \(Int32(shard)) AND isfinite(recorded_at)"
    ).first?.decode("recorded_at", as: Instant.self)
  }

  /// Some shards were taken to be as late as their last event, since nobody knows how late it is.
  package struct HeldBack: Error, CustomStringConvertible {
    let difference: ClockDifference
    let shards: [Int]

    /// Says what to do.
    package var description: String {
      let names = shards.map(String.init).joined(separator: ", ")
      return
        "\(difference): on shard \(names) detail is kept that may be too old, since which of the two is right can't be known; "
        + "set the wrong one, and it goes at the next run"
    }
  }
}
