import Application
import ArgumentParser
import Domain
import EventLog
import Foundation
import Server

extension Explain {
  /// `recount explain tier`
  struct TierVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tier",
      abstract: "Which events of the log an account's tier follows from, down to what Stripe said.",
      discussion: """
        What Stripe said of a customer stands on the customer's own shard, which need not be the account's. To see the very events: \
        SELECT * FROM log.events WHERE shard = … AND position = … (as an auditor). That they lead to the tier is what \
        `recount replay --check` finds out for all accounts.
        """)

    @Option(help: "The account's id.")
    var account: UUID

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
      let compose = try Compose()
      let pool = try compose.pool(as: .auditor, size: 2)
      let log = try await Log(pool: pool, settings: compose.connectionSettings(as: .auditor), logger: compose.logger)
      let questions = try Questions(log: log, queries: QueryCatalog(folder: compose.settings.projections))
      do {
        guard let explained = try await questions.explainTier(of: account, at: SystemClock().now) else {
          throw ValidationError("--account: no account has the id \(account.text)")
        }
        let report = TierReport(explained)
        if json { try Terminal.say(asJSON: report.answer) } else { Terminal.say(TerminalText(lines: report.lines)) }
      } catch is ReadModelMissing {
        throw ValidationError("the read model billing has not been built yet: start `recount projector`")
      }
      await log.close()
    }
  }
}
