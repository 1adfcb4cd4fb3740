import ArgumentParser
import Postgres
import Projector

extension ProjectionsVerb {
  /// `recount projections rebuild`
  struct RebuildVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rebuild",
      abstract: "Build a read model anew beside the live one, then swap them at once. Reads and writes go on.")

    @Argument(help: "Its name, such as traffic. With --beside all that this release has otherwise, when left out.")
    var name: String?

    @Flag(
      help: """
        Do not swap, but go on beside the live one until a projector of this release swaps: servers of this release read what is built beside, those \
        of the last the live one.
        """)
    var beside = false

    func validate() throws {
      if name == nil, !beside { throw ValidationError("name the read model that is to be rebuilt, such as traffic") }
    }

    func run() async throws {
      let compose = try Compose()
      let pool = try compose.pool(as: .projector, size: 3)
      let rebuilds = try await chosen(compose, pool).map {
        Rebuild(pool: pool, projection: $0, logger: compose.logger)
      }
      if beside { try await runBeside(rebuilds) } else { try await swapIn(rebuilds) }
      await pool.close()
    }

    private func chosen(_ compose: Compose, _ pool: Pool) async throws -> [Projection] {
      let all = try Projection.all(in: compose.settings.projections, archive: compose.archive)
      guard let name else { return try await Rebuild.changed(all, pool: pool, logger: compose.logger) }
      guard let projection = all.first(where: { $0.name == name }) else {
        throw ValidationError("no projection \(name); there are: \(all.map(\.name).joined(separator: ", "))")
      }
      return [projection]
    }

    private func swapIn(_ rebuilds: [Rebuild]) async throws {
      for rebuild in rebuilds {
        let bar = ProgressLine()
        try await rebuild.run(shardsAtOnce: 2) {
          bar.show("rebuilding \(rebuild.name)", done: $0.applied, of: $0.total)
        }
        bar.clear()
        Terminal.say("\(rebuild.name) has been rebuilt from the log and swapped in")
      }
    }

    private func runBeside(_ rebuilds: [Rebuild]) async throws {
      guard !rebuilds.isEmpty else { return Terminal.say("every read model is this release's: nothing is to be built") }
      for rebuild in rebuilds {
        let bar = ProgressLine()
        try await rebuild.buildBeside(shardsAtOnce: 2) {
          bar.show("building \(rebuild.name)", done: $0.applied, of: $0.total)
        }
        bar.clear()
        Terminal.say("\(rebuild.name) is built beside the live one")
      }
      Terminal.say("replace the servers now, then the projectors, which swap; until then these follow the log")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for rebuild in rebuilds {
          group.addTask {
            try await rebuild.followBeside()
            Terminal.say("\(rebuild.name) has been swapped in")
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
