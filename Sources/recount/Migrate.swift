import ArgumentParser
import EventLog
import Foundation
import Postgres
import Server

/// `recount migrate`
struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Create the log in the database, or bring it up to date. Safe to run twice.")

  func run() async throws {
    let compose = try Compose()
    let connection = try await Connection.connect(compose.connectionSettings(as: nil), logger: compose.logger)
    try await Migration(shards: compose.settings.shards, today: Date(), archive: compose.archive)
      .run(on: connection, logger: compose.logger)
    try await ServerMigration.run(on: connection)
    await connection.close()
  }
}
