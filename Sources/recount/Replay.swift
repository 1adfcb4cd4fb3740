import ArgumentParser
import Foundation
import Postgres
import Projector

/// `recount replay`
struct Replay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "With --check: rebuild every read model and meter from the log alone, beside the live ones, and compare.")

  @Flag(help: "Build beside the live tables, compare row for row, change nothing.")
  var check = false

  func validate() throws {
    guard check else { throw ValidationError("say what to do: recount replay --check") }
  }

  func run() async throws {
    let compose = try Compose()
    let pool = try compose.pool(as: .projector, size: 3)
    let bar = ProgressLine()
    let report = try await ReplayCheck(pool: pool, projections: compose.settings.projections, logger: compose.logger)
      .run { bar.show("replaying \($0.projection)", done: $0.events, of: $0.total) }
    bar.clear()
    await pool.close()
    show(report)
    guard report.isClean, report.notBuilt.isEmpty else { throw ExitCode(1) }
  }

  private func show(_ report: ReplayReport) {
    for table in report.tables {
      let verdict = table.differing == 0 ? "the same" : "\(table.differing) DIFFER"
      print("\(table.name.padding(toLength: 24, withPad: " ", startingAt: 0)) \(table.rows) rows, \(verdict)")
      for difference in table.differences { print("  \(difference)") }
    }
    for name in report.notBuilt { print("\(name) has not been built yet: start `recount projector`, then check again") }
    let rows = report.tables.reduce(0) { $0 + $1.rows }
    guard report.isClean else {
      print("What is shown does NOT follow from the log: \(report.tables.reduce(0) { $0 + $1.differing }) rows differ.")
      return
    }
    print(
      "Counting the log's \(report.events) events again from the first gives exactly what is shown: \(rows) rows compared."
    )
  }
}
