import ArgumentParser
import Foundation
import Postgres
import Projector

/// `recount projections …`
struct ProjectionsVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "projections", abstract: "See to the read models.",
    subcommands: [StatusVerb.self, RebuildVerb.self, Resume.self], defaultSubcommand: StatusVerb.self)

  /// `recount projections status`
  struct StatusVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "How far each read model is behind the log.", aliases: ["list"])

    func run() async throws {
      let compose = try Compose()
      let pool = try compose.pool(as: .projector, size: 1)
      let all = try await Status.all(pool)
      await pool.close()
      Terminal.say("projection    shard  position    behind  seconds  state")
      for status in all {
        let numbers = String(
          format: "%6d  %8ld  %8ld  %7.1f", status.shard, Int(status.position), Int(status.behind),
          status.secondsBehind)
        let name = status.projection.padding(toLength: 12, withPad: " ", startingAt: 0)
        Terminal.say("\(name) \(numbers)  \(status.isStopped ? "STOPPED: \(status.error ?? "")" : "running")")
      }
      guard !all.contains(where: \.isStopped) else { throw ExitCode(1) }
    }
  }

  /// `recount projections resume`
  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let stopped read models try again, after what stopped them was mended.")

    @Argument(help: "Its name; all that are stopped when left out.")
    var name: String?

    func run() async throws {
      let compose = try Compose()
      let names = try Projection.all(in: compose.settings.projections).map(\.name)
      if let name, !names.contains(name) {
        throw ValidationError("no projection \(name); there are: \(names.joined(separator: ", "))")
      }
      let pool = try compose.pool(as: .projector, size: 1)
      let count = try await Status.resume(name, on: pool, logger: compose.logger)
      await pool.close()
      Terminal.say("\(count) resumed")
    }
  }
}
