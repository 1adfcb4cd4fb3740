import Application
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
    var logger = Logger(label: "recount") { RateLimitedLog(TerminalLogHandler(.standardError(label: $0))) }
    logger.logLevel = settings.logLevel
    self.logger = logger
  }

  /// The roles of SQL/objects/grants.sql. Every verb but the migration takes the least it can do with.
  enum Role: String, CaseIterable {
    case server = "recount_server"
    case projector = "recount_projector"
    case auditor = "recount_auditor"
    case archiver = "recount_archiver"

    /// As settings and files name it.
    var word: String { String(rawValue.dropFirst("recount_".count)) }
  }

  func connectionSettings(as role: Role?) throws -> ConnectionSettings {
    ConnectionSettings(try settings.databaseURL(as: role), role: role?.rawValue)
  }

  func pool(as role: Role, size: Int? = nil) throws -> Pool {
    Pool(try connectionSettings(as: role), size: size ?? settings.connections, logger: logger)
  }

  /// For whoever reads the log at old positions.
  var archive: ArchiveReader { ArchiveReader(settings.archive) }

  /// The log under the serving role. Waits while the database starts or recovers: after a crash of the machine all start at once.
  func log() async throws -> Log {
    let patience = ContinuousClock.now + .seconds(60)
    while true {
      do {
        let connections = try connectionSettings(as: .server)
        return try await Log(
          pools: Pools(connections, total: settings.connections, logger: logger), settings: connections, logger: logger)
      } catch let error as PostgresError where error.isStarting && ContinuousClock.now < patience {
        logger.notice("waiting for the database", metadata: ["reason": "\(error.message)"])
        try await Task.sleep(for: .milliseconds(500))
      }
    }
  }
}

extension PostgresError {
  /// Nobody listens yet, or the server says that it is not ready (57P03: starting up, recovering).
  fileprivate var isStarting: Bool { sqlState == "57P03" || kind == .couldNotConnect && sqlState == nil }
}
