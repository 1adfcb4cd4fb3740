import Domain
public import EventLog
import Foundation
import Postgres

/// Has read models forget the detail that a project's tier no longer keeps, by appending `retention_applied`. Daily totals stay.
///
/// Which projects have old detail is asked of the read models, which may lag: then it is done a day later. How much of it may go is
/// decided on the account's own stream as it is at that moment, so that an upgrade before the purge keeps it.
public struct RetentionJob: ScheduledJob {
  private let log: Log
  private let texts: Texts

  /// `retention`
  public let name = "retention"
  /// Detail ends with a day (UTC).
  public let interval: Int64 = TierHistory.day
  /// Which projects there are, and how old their detail is.
  public let readModels = ["directory", "traffic", "usage"]

  /// Projects looked at with one query each of the read models.
  private static let page: Int32 = 500

  /// Over an open log, with the queries of the read models. Throws when one of them is missing.
  public init(log: Log, queries: QueryCatalog) throws {
    self.log = log
    texts = try Texts(queries)
  }

  private struct Texts {
    let projects, detail, hours: String

    init(_ queries: QueryCatalog) throws {
      projects = try queries.text("directory", "every_project")
      detail = try queries.text("traffic", "oldest_detail")
      hours = try queries.text("usage", "oldest_hour")
    }
  }

  /// A project and the oldest detail that there is of it.
  private struct Candidate {
    let project: UUID
    let account: UUID
    let oldest: Int64
  }

  /// Appends at most one event per project, however long nobody ran it.
  public func run(now: Int64) async throws {
    for shard in log.shards.all {
      let now = try await min(now, reached(shard))
      var last: UUID?
      repeat {
        let rows = try await log.pool.query(Query(texts.projects, [Int32(shard), last, Self.page]))
        for candidate in try await candidates(rows, shard) { try await apply(candidate, shard, now: now) }
        last = try rows.count < Self.page ? nil : rows.last?.decode("project_id")
      } while last != nil
    }
  }

  private func apply(_ candidate: Candidate, _ shard: Int, now: Int64) async throws {
    try Task.checkCancellation()
    guard candidate.oldest < TierHistory.beginning(of: 1, before: now) else { return }
    var history = TierHistory()
    for stored in try await log.stream(.account(candidate.account, shard: shard)) {
      history.evolve(try stored.event(Account.Event.self), at: stored.recordedAt.milliseconds)
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

  private func candidates(_ rows: Rows, _ shard: Int) async throws -> [Candidate] {
    let projects = try rows.map {
      (id: try $0.decode("project_id", as: UUID.self), account: try $0.decode("account_id", as: UUID.self))
    }
    var oldest: [UUID: Int64] = [:]
    for text in [texts.detail, texts.hours] {
      for row in try await log.pool.query(Query(text, [Int32(shard), projects.map(\.id)])) {
        let at = try row.decode("at", as: Date.self).milliseconds
        oldest[try row.decode("project_id"), default: at] = min(oldest[try row.decode("project_id")] ?? at, at)
      }
    }
    return projects.compactMap { project in
      oldest[project.id].map { Candidate(project: project.id, account: project.account, oldest: $0) }
    }
  }

  /// Never by the server's clock alone: one that is a year ahead would have everything forgotten. Not beyond what the log itself
  /// has come to.
  private func reached(_ shard: Int) async throws -> Int64 {
    let row = try await log.pool.query(
      "SELECT recorded_at FROM log.heads WHERE shard = \(Int32(shard)) AND isfinite(recorded_at)"
    ).first
    return try row?.decode("recorded_at", as: Date.self).milliseconds ?? 0
  }
}
