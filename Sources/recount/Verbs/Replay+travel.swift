import ArgumentParser
import Domain
import Foundation
import Postgres
import Projector

extension Replay {
  /// `recount replay --as-of`
  func travel(_ pool: Pool, _ compose: Compose) async throws {
    let bar = ProgressLine()
    let report = try await TimeTravel(
      pool: pool, projections: compose.settings.projections, archive: compose.archive, logger: compose.logger
    )
    .run(to: PointInLog.moment(asOf), only: projection.isEmpty ? nil : projection, name: name) {
      bar.show("replaying \($0.projection)", done: $0.events, of: $0.total)
    }
    bar.clear()
    await pool.close()
    Terminal.say("The read models as they were when the log held \(report.moment.events) events:")
    for prefix in report.moment.shards {
      let recorded = prefix.recordedAt.map { "position \(prefix.position), recorded \($0)" }
      Terminal.say("  shard \(prefix.shard)  \(recorded.map { "to \($0)" } ?? "nothing yet")")
      if let uncut = prefix.uncut {
        Terminal.say(
          """
                   and not to \(uncut.asked): the events \(uncut.batch.lowerBound) to \(uncut.batch.upperBound) were recorded as \
          one, and no read model ever stood between them; ask for \(prefix.shard):\(uncut.batch.upperBound) to have them in it
          """)
      }
    }
    Terminal.say("They are in these schemas, until `recount replay drop`:")
    for schema in report.schemas { Terminal.say("  \(schema)") }
  }

  /// `recount replay list`
  struct ListVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "The read models of the past that were built and not dropped.")

    func run() async throws {
      let pool = try Compose().pool(as: .auditor, size: 1)
      for snapshot in try await Snapshot.all(pool) {
        let positions = snapshot.positions.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
        let parts = [
          snapshot.schema, snapshot.recordedAt?.description ?? "the empty log",
          positions.joined(separator: " "), snapshot.isComplete ? "complete" : "UNFINISHED: ask for it again",
        ]
        Terminal.say("\(parts.joined(separator: "  "))")
      }
      await pool.close()
    }
  }

  /// `recount replay drop`
  struct DropVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "drop", abstract: "Drop read models of the past. The live ones and the log stay as they are.")

    @Argument(help: "A moment's name such as at_20261124t100000z, or one schema such as usage_at_20261124t100000z.")
    var name: String

    func run() async throws {
      let pool = try Compose().pool(as: .projector, size: 1)
      for schema in try await Snapshot.drop(name, on: pool) { Terminal.say("dropped  \(schema)") }
      await pool.close()
    }
  }
}
