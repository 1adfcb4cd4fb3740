import ArgumentParser
import EventLog
import Postgres

extension Audit {
  /// `recount audit verify`
  struct VerifyVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Walk the hash chain: has any past event been changed, removed, inserted or moved?",
      discussion: """
        Recomputes every hash, checks that no position is missing, that every event is what its published schema says, and that \
        each stream counts 1, 2, 3, …; names the first bad batch of each shard.

        This asks the operator's own program and database. Who trusts neither exports the log (recount audit export) and \
        checks it with tools/verify_log.py.
        """)

    @Option(help: "One shard; all of them when left out.")
    var shard: Int?

    @Option(help: "From the batch that holds this position of the shard; what stands before it is taken on trust.")
    var from: Int64?

    @Option(help: "To the batch that holds this position of the shard.")
    var to: Int64?

    @Option(
      help: "A file of checkpoints saved earlier: proves that nothing that they cover was changed or has vanished.")
    var checkpoint: String?

    @Option(help: "The public key, noted when the checkpoints were saved, that must have signed them.")
    var key: String?

    func validate() throws {
      guard key == nil || checkpoint != nil else { throw ValidationError("--key goes with --checkpoint") }
      guard shard != nil || (from == nil && to == nil) else {
        throw ValidationError("positions count within a shard: say --shard along with --from and --to")
      }
      for (name, position) in [("--from", from), ("--to", to)] {
        if let position, position < 1 { throw ValidationError("\(name): found \(position); allowed: 1 or more") }
      }
      if let from, let to, from > to { throw ValidationError("--from: found \(from); allowed: at most --to, \(to)") }
    }

    func run() async throws {
      let compose = try Compose()
      let pool = try compose.pool(as: .auditor, size: 2)
      let saved = try checkpoint.map { try SavedCheckpoints(file: $0, key: key, shard: shard) }
      let started = ContinuousClock.now
      let bar = ProgressLine()
      let schemas = try EventSchemas(folder: compose.settings.schemas)
      var report = try await Verify(
        pool: pool, range: VerifyRange(shard: shard, from: from, to: to), schemas: schemas, archive: compose.archive
      )
      .run { bar.show("verifying", done: $0, of: $1) }
      bar.clear()
      if from == nil, to == nil {
        report.faults += try await TreeCheck(pool: pool).run(shard: shard, beside: report.faults)
      }
      if let saved { report.faults += try await saved.faults(pool, archive: compose.archive, beside: report.faults) }
      await pool.close()
      let seconds = (ContinuousClock.now - started) / .seconds(1)
      if report.faults.isEmpty {
        let rate = Int(Double(report.events) / max(seconds, 0.001))
        Terminal.say(
          """
          \(subject) \(report.events) events and none of them has been changed, removed, inserted or moved since it was \
          recorded (\(rate) events a second).
          """)
        if let saved { Terminal.say(TerminalText(lines: saved.confirmation)) }
        return
      }
      for fault in report.faults {
        Terminal.say(
          """
          The log can NOT be trusted from here on: shard \(fault.shard), events \(fault.firstPosition) to \
          \(fault.lastPosition): \(fault.reason).
          """)
      }
      throw ExitCode(1)
    }

    private var subject: String {
      guard let shard else { return "The log holds" }
      return "\(from == nil && to == nil ? "Shard" : "This part of shard") \(shard) of the log holds"
    }
  }
}
