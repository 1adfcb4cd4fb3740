import Application
import ArgumentParser
import Domain
import EventLog
import Foundation
import Server

/// `recount explain …`
struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell which events of the log make up a number, or a tier.",
    subcommands: [UsageVerb.self, TierVerb.self])

  /// `recount explain usage`
  struct UsageVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "usage",
      abstract: "Which positions make up an account's usage of a month, and what of it arrived late.",
      discussion: """
        Counts the account's part of the log, and holds it against what /api/v1/usage shows: when they differ, it says so and \
        exits with 1. What arrived late was recorded after --shown-at or, once the month is over, after its end.

        A line's positions are of its first and last event; between them may stand others'. To see the very events: \
        SELECT * FROM log.events WHERE shard = … AND position BETWEEN … AND … AND account_id = … AND month = … (as an auditor).
        """)

    @Option(help: "The account's id.")
    var account: UUID

    @Option(help: "The month (UTC), such as 2026-11.")
    var month: MonthArgument

    @Option(help: "live or test.")
    var mode = KeyMode.live

    @Option(help: "Show the part of this project alone; the whole is counted all the same.")
    var project: UUID?

    @Option(help: "A time at which the usage was looked at, such as 2026-12-01 (midnight UTC).")
    var shownAt: AuditTime?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
      let compose = try Compose()
      let pool = try compose.pool(as: .auditor, size: 2)
      let log = try await Log(pool: pool, settings: compose.connectionSettings(as: .auditor), logger: compose.logger)
      let shown = try await ShownUsage(account: account, mode: mode, month: month.month, log: log, compose: compose)
      let moment = shownAt?.instant ?? monthEnd
      let bar = ProgressLine()
      let explanation = try await ExplainUsage(pool: pool, archive: compose.archive)(
        account: account, shard: shown.shard, mode: mode, month: month.name, upto: shown.position, shownAt: moment
      ) { bar.show("counting", done: $0, of: $1) }
      bar.clear()
      await log.close()
      let report = UsageReport(
        account: account, mode: mode, month: month.name, project: project, shown: shown, shownAt: moment,
        explanation: explanation)
      if json { try Terminal.say(asJSON: report.answer) } else { Terminal.say(TerminalText(lines: report.lines)) }
      guard report.addsUp else { throw ExitCode(1) }
    }

    /// Once it is over.
    private var monthEnd: Instant? {
      let end = month.month.next.start
      return end <= SystemClock().now ? end : nil
    }
  }
}

/// What /api/v1/usage shows, and as of which position.
struct ShownUsage {
  let shard: Int
  let position: Int64
  let used: Int64
  let calls: Int64

  init(account: UUID, mode: KeyMode, month: CalendarMonth, log: Log, compose: Compose) async throws {
    let questions = try Questions(log: log, queries: QueryCatalog(folder: compose.settings.projections))
    do {
      guard let usage = try await questions.usage(of: account, in: month) else {
        throw ValidationError("--account: no account has the id \(account.text)")
      }
      let shown = usage.value[mode]
      (shard, position) = (log.shards.shard(of: account), usage.asOf.position)
      (used, calls) = (shown.used, shown.calls)
    } catch is ReadModelMissing {
      throw ValidationError("the read model usage has not been built yet: start `recount projector`")
    }
  }
}
