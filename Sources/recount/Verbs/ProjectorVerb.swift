import ArgumentParser
import EventLog
import Logging
import Postgres
import Projector
import ServiceLifecycle
import UnixSignals

/// `recount projector`
struct ProjectorVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "projector",
    abstract: "Keep the read models up to date. Any number may run: each step is done by one of them.")

  @Option(help: "Steps done at a time.")
  var workers = 2

  func validate() throws {
    guard (1...64).contains(workers) else { throw ValidationError("--workers: found \(workers); allowed: 1 to 64") }
  }

  func run() async throws {
    let compose = try Compose()
    let pool = try compose.pool(as: .projector, size: workers + Runner.spareConnections)
    try await compose.warnOfOwner(pool, as: .projector)
    let listening = ListeningConnection(try compose.connectionSettings(as: .projector), logger: compose.logger)
    let runner = Runner(
      pool: pool, projections: compose.settings.projections, archive: compose.archive, listening: listening,
      workers: workers, logger: compose.logger)
    let group = ServiceGroup(
      configuration: .init(
        services: [listening, runner], gracefulShutdownSignals: [.sigterm, .sigint], logger: compose.logger))
    try await group.run()
    await pool.close()
  }
}
