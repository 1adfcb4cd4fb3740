import EventLog
import Foundation
import Postgres
import Projector

/// Brings the directory up to date before a verb ends, so that what it changed holds at once, whether a projector runs or not.
struct DirectoryCatchUp {
  let compose: Compose

  func run() async throws {
    let pool = try compose.pool(as: .projector, size: 2)
    let catchUp = CatchUp(
      pool: pool, projections: compose.settings.projections, archive: compose.archive, logger: compose.logger)
    try await catchUp.run(only: ["directory"], deadline: .seconds(30))
    await pool.close()
  }
}
