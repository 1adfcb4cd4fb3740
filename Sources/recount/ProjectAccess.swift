import ArgumentParser
import EventLog
import Foundation
import Postgres
import Server

/// Opens the log for a verb on one project, and sees to it that what the verb changed holds when it ends.
enum ProjectAccess {
  static func with(
    _ project: UUID, _ body: (_ account: UUID, _ log: Log, _ queries: QueryCatalog) async throws -> Void
  ) async throws {
    let compose = try Compose()
    let log = try await compose.log()
    let queries = QueryCatalog(folder: compose.settings.projections)
    let row = try await log.pool.query(Query(queries.text("directory", "project"), [project])).first
    guard let row else { throw ValidationError("--project: no project has the id \(project.uuidString.lowercased())") }
    try await body(try row.decode("account_id"), log, queries)
    try await DirectoryCatchUp(compose: compose).run()
    await log.close()
  }
}
