import ArgumentParser
import Foundation
import Postgres
import Projector

/// `recount replay …`
struct Replay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count the log again: to check what is shown, or to see what was shown at a moment in the past.",
    discussion: """
      --check rebuilds every read model and meter from the log alone, beside the live ones, and compares them row for row. Then it folds anew \
      what Stripe said, as the log has it, and holds what the log says of subscriptions and tiers against it. Stripe is not called.

      --as-of builds the read models as they were then, each in a schema of its own (usage_at_20261124t100000z), which \
      auditors may read and `recount replay drop` drops. A time takes from each shard what was recorded at or before \
      it. A position is SHARD:POSITION, repeated for more; shards left out stand as they did when the latest of these was \
      recorded. What was recorded as one is taken whole or not at all, and then it is said where the read models stand. A build that broke off goes on where it was when the same is asked again.
      """,
    subcommands: [ListVerb.self, DropVerb.self])

  @Flag(help: "Build beside the live tables, compare row for row, change nothing.")
  var check = false

  @Option(help: "A time such as 2026-11-24T10:00:00Z or 2026-11-24 (UTC), or SHARD:POSITION; repeat for more shards.")
  var asOf: [PointInLog] = []

  @Option(help: "With --as-of: this projection alone, such as usage; repeat for more.")
  var projection: [String] = []

  @Option(help: "With --as-of: what the schemas' names end in, instead of the moment.")
  var name: String?

  func run() async throws {
    try checkOptions()
    let compose = try Compose()
    let pool = try compose.pool(as: .projector, size: 3)
    if check { try await check(pool, compose) } else { try await travel(pool, compose) }
  }

  /// Not validate(), which would judge `recount replay list`, too.
  private func checkOptions() throws {
    guard check != !asOf.isEmpty else {
      throw ValidationError("say what to do: recount replay --check, or recount replay --as-of TIME")
    }
    guard !check || (projection.isEmpty && name == nil) else {
      throw ValidationError("--projection and --name go with --as-of")
    }
    if !asOf.isEmpty { _ = try PointInLog.moment(asOf) }
  }

  private func check(_ pool: Pool, _ compose: Compose) async throws {
    // Before all else: nobody waits for hours to hear that a login is missing.
    let auditor = try compose.pool(as: .auditor, size: 1)
    let bar = ProgressLine()
    let report = try await ReplayCheck(
      pool: pool, projections: compose.settings.projections, archive: compose.archive, logger: compose.logger
    ).run { bar.show("replaying \($0.projection)", done: $0.events, of: $0.total) }
    bar.clear()
    await pool.close()
    show(report)
    let moneyFollows = try await foldBilling(auditor)
    guard report.isClean, report.notBuilt.isEmpty, moneyFollows else { throw ExitCode(1) }
  }

  private func show(_ report: ReplayReport) {
    for table in report.tables {
      let verdict = table.differing == 0 ? "the same" : "\(table.differing) DIFFER"
      Terminal.say("\(table.name.padding(toLength: 24, withPad: " ", startingAt: 0)) \(table.rows) rows, \(verdict)")
      for difference in table.differences { Terminal.say("  \(difference)") }
    }
    for name in report.notBuilt {
      Terminal.say("\(name) has not been built yet: start `recount projector`, then check again")
    }
    let rows = report.tables.reduce(0) { $0 + $1.rows }
    guard report.isClean else {
      let differing = report.tables.reduce(0) { $0 + $1.differing }
      Terminal.say("What is shown does NOT follow from the log: \(differing) rows differ.")
      return
    }
    Terminal.say(
      "Counting the log's \(report.events) events again from the first gives exactly what is shown: \(rows) rows compared."
    )
  }
}
