package import Domain
package import EventLog
import Foundation
import Logging
package import Postgres

/// A log in a database of its own, made from a template: what every test that touches the log runs on.
package struct TestLog: Sendable {
  /// The database.
  package let database: DatabaseURL
  /// The log under the serving role.
  package let log: Log
  /// Connections as the database's owner, for what only an attacker or an operator would do.
  package let owner: Pool

  /// Shards of a test's log: more than one, so that no test works by accident of there being one.
  package static let shards = 2

  /// Runs a test on a fresh log. Its events are left for tools/test to validate against EventSchemas/, unless the test forges some
  /// that match none.
  package static func with<T: Sendable>(
    in cluster: Cluster? = nil, template: Template = .log, forged: Bool = false,
    _ body: @Sendable (TestLog) async throws -> T
  ) async throws -> T {
    await gate.enter()
    do {
      let result = try await run(in: cluster, template, leavesEvents: !forged, body)
      await gate.leave()
      return result
    } catch {
      await gate.leave()
      throw error
    }
  }

  /// More at a time would only share the same two cores, and the server's connections.
  private static let gate = Gate(8)

  private static func run<T: Sendable>(
    in cluster: Cluster?, _ template: Template, leavesEvents: Bool, _ body: @Sendable (TestLog) async throws -> T
  ) async throws -> T {
    let cluster = if let cluster { cluster } else { try await Cluster.shared() }
    let template = try await cluster.ensureTemplate(name: template.name) { url in
      let connection = try await Connection.connect(url.settings, logger: Logger(label: "template"))
      try await template.install(connection)
      await connection.close()
    }
    let test = try await TestLog(cluster.makeDatabase(template: template))
    do {
      let result = try await body(test)
      if leavesEvents { try await leaveEvents(of: test.owner) }
      await test.close()
      try await cluster.dropDatabase(test.database)
      return result
    } catch {
      await test.close()
      throw error
    }
  }

  /// Another process's view of the same log: connections and gatherers of its own.
  package func another() async throws -> Log { try await Self.open(database) }

  private init(_ database: DatabaseURL) async throws {
    self.database = database
    log = try await Self.open(database)
    owner = Pool(database.settings, size: 4, logger: Logger(label: "owner"), acquireDeadline: .seconds(600))
    // A database's own grants are not among what a copy takes over from its template.
    let name = try await owner.query("SELECT current_database() AS name").first?.decode("name", as: String.self)
    try await owner.query("GRANT CREATE ON DATABASE \(identifier: name ?? "") TO recount_projector")
  }

  private static func open(_ database: DatabaseURL) async throws -> Log {
    var settings = database.settings
    settings.role = "recount_server"
    let logger = Logger(label: "test")
    return try await Log(
      pool: Pool(settings, size: 4, logger: logger, acquireDeadline: .seconds(600)), settings: settings, logger: logger)
  }

  private func close() async {
    await log.close()
    await owner.close()
  }

  /// Writes what a database's log holds to where tools/test validates it against EventSchemas/.
  package static func leaveEvents(of owner: Pool) async throws {
    guard let folder = ProcessInfo.processInfo.environment["RECOUNT_TEST_EVENTS"] else { return }
    let rows = try await owner.query(
      """
      SELECT jsonb_build_object('type', u -> 'type', 'version', u -> 'version', 'data', u -> 'data')::text AS unit
      FROM log.batches AS b, jsonb_array_elements(b.events) AS u
      """)
    let lines = try rows.map { try $0.decode("unit", as: String.self) }.joined(separator: "\n")
    try (lines + "\n").write(
      to: URL(filePath: folder).appending(path: "\(UUID().uuidString).jsonl"), atomically: true, encoding: .utf8)
  }
}

extension TestLog {
  /// Opens an account with a quota, as the owner of the log would; its telemetry's source.
  package func account(tier: Tier = .free) async throws -> TelemetrySource {
    let id = UUID()
    let source = TelemetrySource(accountID: id, projectID: UUID(), keyID: UUID(), mode: .live)
    let stream = StreamID(name: "account-\(id)", shard: log.shards.shard(of: id), accountID: id)
    try await log.handle(.open(id: id, tier: tier, owner: UUID()), by: Account.self, on: stream)
    return source
  }

  /// The shard of a source's account.
  package func shard(of source: TelemetrySource) -> Int { log.shards.shard(of: source.accountID) }
}

extension TelemetryUnit {
  /// Some requests of this month, alike but for their response times.
  package static func sample(
    _ source: TelemetrySource, count: Int = 1, identity: Identity? = nil, at time: Instant = .now
  ) -> TelemetryUnit {
    var unit = TelemetryUnit(source: source, month: CalendarMonth(of: time).description)
    unit.identity = identity
    for index in 0..<count {
      if index > 0 { unit.data.append(UInt8(ascii: ",")) }
      TrackedRequest(
        endpoint: "/v2/\(index)/servers", method: .get, statusCode: 200,
        responseTimeNanoseconds: Int64(index) * 1_000_000,
        timestamp: time
      ).encode(into: &unit.data)
    }
    unit.count = count
    return unit
  }
}
