import ArgumentParser
import EventLog
import Foundation
import Postgres

extension Audit {
  /// `recount audit prove`
  struct ProveVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prove",
      abstract: "Prove that the batch with a position is part of the log that a checkpoint was signed for.",
      discussion: """
        Prints the proof as JSON, the same as /.well-known/recount/checkpoints/SHARD/inclusion: the batch's chain hash, the hashes \
        from there to the root (RFC 6962), and the signed checkpoint that has this root. tools/verify_log.py --proof checks it.
        """)

    @Option(help: "The position; the batch that holds it is proven.")
    var position: Int64

    @Option(help: "Its shard.")
    var shard: Int

    @Option(help: "A checkpoint that covers at least this many batches; the latest when left out.")
    var size: Int64?

    func run() async throws {
      let pool = try Compose().pool(as: .auditor, size: 1)
      let proof = try await Proofs(pool: pool, shard: shard).inclusion(of: .holding(position), size: size)
      await pool.close()
      try Terminal.say(asJSON: proof)
    }
  }
}
