import Application
import ArgumentParser
import EventLog
import Foundation
import Postgres
import Server

extension Audit {
  /// `recount audit checkpoint`
  struct CheckpointVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "checkpoint",
      abstract: "Sign what the log is now, to hold it against later.",
      discussion: """
        Keep the file, and the key printed beside it, where the operator can't write. `recount audit verify --checkpoint FILE --key \
        KEY`, or tools/verify_log.py with an export, then proves that nothing before it was changed or has vanished. \
        The server publishes its checkpoints at /.well-known/recount/checkpoints, in the same form.
        """)

    @Option(help: "One shard; all of them when left out.")
    var shard: Int?

    @Option(help: "The file to write; standard output when left out. It appears when it is whole.")
    var output: String?

    func run() async throws {
      let compose = try Compose()
      let log = try await compose.log()
      let keys = try compose.settings.signingKeys()
      let shards = try shard.map { shard in
        guard log.shards.all.contains(shard) else { throw VerifyError.unknownShard(shard) }
        return shard..<shard + 1
      }
      let notes = try await Checkpoints(pool: log.pool, keys: keys)
        .make(of: shards ?? log.shards.all, now: SystemClock().now)
      await log.close()
      let file = try ExportFile(output)
      // Lines end with what `write` adds.
      try file.write(line: String(CheckpointSet(notes).description.dropLast()))
      try file.finish()
      Terminal.note("note the key that verifies them: \(keys.verifier)")
    }
  }
}
