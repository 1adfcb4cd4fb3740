import Application
import ArgumentParser
import Domain
import EventLog
import Foundation

/// Opens the log for a verb on one project, and sees to it that what the verb changed holds when it ends.
enum ProjectAccess {
  static func with(
    _ project: UUID, _ body: (_ account: UUID, _ log: Log, _ questions: Questions) async throws -> Void
  ) async throws {
    let compose = try Compose()
    let log = try await compose.log()
    let questions = try Questions(log: log, queries: QueryCatalog(folder: compose.settings.projections))
    guard let account = try await ProjectHome(log: log, questions: questions).account(of: project) else {
      throw ValidationError("--project: no project has the id \(project.text)")
    }
    try await body(account, log, questions)
    try await DirectoryCatchUp(compose: compose).run()
    await log.close()
  }
}
