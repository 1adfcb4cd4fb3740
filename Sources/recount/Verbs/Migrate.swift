import Application
import ArgumentParser
import EventLog
import Foundation
import Postgres

/// `recount migrate`
struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Create the log in the database, or bring it up to date. Safe to run twice.")

  func run() async throws {
    let compose = try Compose()
    let connection = try await Connection.connect(compose.connectionSettings(as: nil), logger: compose.logger)
    let migration = Migration(
      shards: compose.settings.shards, today: SystemClock().now, archive: compose.archive, beside: [try .operations()])
    try await migration.run(on: connection, logger: compose.logger)
    await connection.close()
  }
}
