import Foundation
import Logging
import Postgres
import Synchronization

/// A PostgreSQL for tests. ``shared()`` is started once per process and stopped at its end; ``start(settings:)`` gives one that a
/// test may crash.
package actor Cluster {
  /// The database `postgres`, or the one of `RECOUNT_TEST_DATABASE_URL`.
  package nonisolated let url: DatabaseURL
  private let server: Server?
  private let pool: Pool
  private var templates: [String: Task<String, any Error>] = [:]
  private var count = 0
  /// Distinct among processes that share a server.
  private let prefix: String
  /// Removes our databases from a server that outlives us.
  private let watchdog: Watchdog?

  private init(server: Server?, url: DatabaseURL) throws {
    self.server = server
    self.url = url
    prefix = "recount_\(ProcessInfo.processInfo.processIdentifier)_\(UInt16.random(in: 0 ... .max))"
    watchdog = server == nil ? try Watchdog(script: Self.sweep, [url.string, prefix]) : nil
    pool = Pool(url.settings, size: 2, logger: Logger(label: "cluster"), acquireDeadline: .seconds(60))
  }

  private static let sweep = #"""
    psql -qAt -d "$1" -c "SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database \
      WHERE starts_with(datname, '$2_')" | psql -q -d "$1"
    """#

  /// For servers that are thrown away: waiting for the disk would only cost time. Crash tests ask for more.
  package static let careless = ["fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"]

  private static let one = Mutex<Task<Cluster, any Error>?>(nil)

  /// The server of this test process: that of `RECOUNT_TEST_DATABASE_URL`, else a private one.
  package static func shared() async throws -> Cluster {
    try await one.withLock { task in
      let started = task ?? Task { try await startShared() }
      task = started
      return started
    }.value
  }

  private static func startShared() async throws -> Cluster {
    guard let given = ProcessInfo.processInfo.environment["RECOUNT_TEST_DATABASE_URL"] else {
      return try await start()
    }
    return try Cluster(server: nil, url: DatabaseURL(given))
  }

  /// A server of its own, in `postgresql.conf` words. Without settings it trades durability for speed.
  package static func start(settings: [String: String] = careless) async throws -> Cluster {
    let server = try await Server(settings: settings)
    return try Cluster(server: server, url: server.url)
  }

  /// A new database: empty, or a copy of what ``ensureTemplate(name:prepare:)`` returned.
  package func makeDatabase(template: String? = nil) async throws -> DatabaseURL {
    count += 1
    let name = "\(prefix)_\(count)"
    try await pool.query(
      "CREATE DATABASE \(identifier: name) TEMPLATE \(identifier: template ?? "template0")", deadline: .seconds(600))
    return url.database(name)
  }

  /// Removes a database and ends its connections.
  package func dropDatabase(_ database: DatabaseURL) async throws {
    let connection = try await Connection.connect(database.settings, logger: Logger(label: "cluster"))
    let name = try await connection.query("SELECT current_database() AS name").first?.decode("name", as: String.self)
    await connection.close()
    guard let name else { return }
    try await pool.query("DROP DATABASE IF EXISTS \(identifier: name) WITH (FORCE)", deadline: .seconds(600))
  }

  /// The name of a database that `prepare` has filled; made once per process, however many tests ask for it.
  package func ensureTemplate(
    name: String, prepare: @escaping @Sendable (DatabaseURL) async throws -> Void
  ) async throws -> String {
    let task = templates[name] ?? Task { try await self.makeTemplate(name, prepare) }
    templates[name] = task
    return try await task.value
  }

  private func makeTemplate(_ name: String, _ prepare: (DatabaseURL) async throws -> Void) async throws -> String {
    let full = "\(prefix)_\(name)"
    try await pool.query("CREATE DATABASE \(identifier: full) TEMPLATE template0", deadline: .seconds(600))
    try await prepare(url.database(full))
    return full
  }

  /// Kills a private server and all its children with SIGKILL.
  package func kill9() async throws { try await requireServer().kill9() }

  /// Starts a killed private server, or restarts a running one.
  package func restart() async throws {
    let server = try requireServer()
    if FileManager.default.fileExists(atPath: server.data.appending(path: "postmaster.pid").path) {
      try await server.stop()
    }
    try await server.start()
  }

  /// Stops a private server for good and removes its files.
  package func discard() async throws {
    await pool.close()
    try requireServer().discard()
  }

  private func requireServer() throws -> Server {
    guard let server else { throw NotOurs() }
    return server
  }

  /// The server belongs to someone else.
  struct NotOurs: Error, CustomStringConvertible {
    var description: String {
      "this server was given by RECOUNT_TEST_DATABASE_URL: crash a cluster of your own instead"
    }
  }
}
