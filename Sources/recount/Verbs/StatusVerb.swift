import Application
import ArgumentParser
import Foundation
import Postgres

/// `recount status`
struct StatusVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How the log, read models, schedule and mails do, on one page.",
    discussion: """
      Exit code 0: all is well. 1: somebody must see to something, which is said in the last lines: a read model is stopped \
      or behind by more than a minute, a job is overdue or failed three times in a row, a reactor can't go on.
      """)

  @Flag(help: "Print one JSON object; `needs_attention` is what the exit code says.")
  var json = false

  func run() async throws {
    let compose = try Compose()
    let pool = try compose.pool(as: .auditor, size: 1)
    let report = try await StatusReport(pool)
    await pool.close()
    if json { try Terminal.say(asJSON: report) } else { StatusPage(report: report, now: SystemClock().now).show() }
    guard report.needsAttention.isEmpty else { throw ExitCode(1) }
  }
}
