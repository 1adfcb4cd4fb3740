import Application
import EventLog
import Foundation
import Postgres
import Projector
import Server

/// Everything that `recount status` says, as `--json` gives it.
struct StatusReport: Encodable {
  var log: LogStatus
  var readModels: [ReadModel]
  var schedule: [JobStatus]
  var reactors: [ReactorStatus]
  var mails: [MailStatus]
  /// Nil where nothing was ever sold.
  var billing: BillingProgress?
  var slack: [SlackStatus]
  /// What somebody must see to; empty when all is well.
  var needsAttention: [String] = []

  /// A read model of one shard.
  struct ReadModel: Encodable {
    var name: String
    var shard: Int
    var position: Int64
    var behind: Int64
    var secondsBehind: Double
    var isStopped: Bool
    var error: String?
  }

  init(_ pool: Pool) async throws {
    log = try await LogStatus(pool)
    readModels = try await Status.all(pool).map {
      ReadModel(
        name: $0.projection, shard: $0.shard, position: $0.position, behind: $0.behind,
        secondsBehind: $0.secondsBehind, isStopped: $0.isStopped, error: $0.error)
    }
    schedule = try await JobStatus.all(pool)
    reactors = try await ReactorStatus.all(pool)
    mails = try await MailStatus.all(pool)
    billing = try await BillingProgress.of(pool, at: SystemClock().now)
    slack = try await SlackStatus.all(pool)
    needsAttention = concerns
  }

  /// A read model follows within a second; after a minute nobody is at work.
  private static let patience = 60.0
  /// A job that failed so often in a row has been tried for several minutes.
  private static let failures = 3

  private var concerns: [String] {
    var concerns: [String] = []
    if readModels.isEmpty { concerns.append("there are no read models yet: start `recount projector`") }
    for model in readModels where model.isStopped {
      concerns.append(
        "read model \(model.name), shard \(model.shard), is stopped: \(model.error ?? "no reason was given"); when the cause is gone, "
          + "`recount projections resume \(model.name)`")
    }
    let late = Set(readModels.filter { !$0.isStopped && $0.secondsBehind > Self.patience }.map(\.name)).sorted()
    if !late.isEmpty {
      concerns.append("behind by more than a minute: \(late.joined(separator: ", ")); is `recount projector` running?")
    }
    if schedule.isEmpty { concerns.append("no server has run the schedule yet: start `recount serve`") }
    let overdue = schedule.filter(\.isOverdue).map(\.name)
    if !overdue.isEmpty {
      concerns.append("overdue: \(overdue.joined(separator: ", ")); is `recount serve` running?")
    }
    for job in schedule where job.failuresInARow >= Self.failures {
      concerns.append(
        "job \(job.name) failed \(job.failuresInARow) times in a row: \(job.lastError ?? "no reason was noted")")
    }
    for reactor in reactors {
      guard let error = reactor.error else { continue }
      concerns.append("reactor \(reactor.reactor), shard \(reactor.shard), can't go on: \(error)")
    }
    return concerns + (billing?.concerns ?? [])
  }
}
