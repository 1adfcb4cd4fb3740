import EventLog
import Foundation
import Logging
import Postgres
import Server

/// The only file that knows every target: puts the parts together for a verb.
struct Compose {
  let settings: Settings
  let logger: Logger

  init() throws {
    settings = try Settings()
    var logger = Logger(label: "recount") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = settings.logLevel
    self.logger = logger
  }

  /// The roles of SQL/400_roles.sql. Every verb but the migration takes the least it can do with.
  enum Role: String {
    case server = "recount_server"
    case projector = "recount_projector"
    case auditor = "recount_auditor"
  }

  func connectionSettings(as role: Role?) throws -> ConnectionSettings {
    ConnectionSettings(try settings.databaseURL, role: role?.rawValue)
  }

  func pool(as role: Role, size: Int? = nil) throws -> Pool {
    Pool(try connectionSettings(as: role), size: size ?? settings.connections, logger: logger)
  }

  /// The log under the serving role.
  func log() async throws -> Log {
    try await Log(pool: pool(as: .server), settings: connectionSettings(as: .server), logger: logger)
  }
}
