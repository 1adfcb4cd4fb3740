import ArgumentParser
package import EventLog
import Foundation
import Postgres

extension Audit {
  /// `recount audit export`
  struct ExportVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export", abstract: "Write out the log, to check it or use it elsewhere.",
      discussion: """
        batches      a JSON line per batch, with what its hash covers: for tools/verify_log.py. Whole shards only.
        cloudevents  a CloudEvents 1.0 JSON line per event
        csv          a row per tracked request

        Memory does not grow with the log. What is recorded while the export runs is not part of it.
        """)

    @Option(help: "batches, cloudevents or csv.")
    var format = ExportFormat.batches

    @Option(help: "Events of this account alone.")
    var account: UUID?

    @Option(help: "Events of this project alone.")
    var project: UUID?

    @Option(help: "Recorded at or after this time, such as 2026-11-01 (UTC) or 2026-11-01T12:00:00Z.")
    var from: AuditTime?

    @Option(help: "Recorded before this time.")
    var to: AuditTime?

    @Option(help: "Events of this type alone, such as request_tracked.")
    var type: String?

    @Option(help: "One shard; all of them when left out.")
    var shard: Int?

    @Option(help: "The file to write; standard output when left out. It appears when it is whole.")
    var output: String?

    func validate() throws {
      if let from, let to, from.instant >= to.instant { throw ValidationError("--from: allowed: a time before --to") }
    }

    func run() async throws {
      let compose = try Compose()
      let pool = try compose.pool(as: .auditor, size: 2)
      let filter = ExportFilter(
        accountID: account, projectID: project, from: from?.instant, to: to?.instant, type: type)
      let export = try Export(pool: pool, format: format, filter: filter, shard: shard, archive: compose.archive)
      let file = try ExportFile(output)
      let started = ContinuousClock.now
      let bar = ProgressLine()
      let (lines, walked) = try await export.run(
        progress: { bar.show("exporting", done: $0, of: $1) }, write: { try file.write(line: $0) })
      try file.finish()
      bar.clear()
      await pool.close()
      let seconds = (ContinuousClock.now - started) / .seconds(1)
      let rate = Int(Double(walked) / max(seconds, 0.001))
      let unit = format == .batches ? "batches" : "lines"
      // Standard output may be the export itself.
      Terminal.note("exported \(lines) \(unit) of \(walked) events (\(rate) events a second)")
    }
  }
}

extension ExportFormat: ExpressibleByArgument {}
