import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Postgres
import Projector
import Server
import TestDatabase

/// Recount's HTTP API over a log of its own, at a time of day that the test sets.
struct Service: Sendable {
  let test: TestLog
  let clock: TestClock
  let signing: SigningKeys
  let client: any TestClientProtocol

  static let projections = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "Projections")

  static let queries = QueryCatalog(folder: projections)

  /// Silent, since tests provoke errors on purpose, but for what no test may provoke.
  static let silent = Logger(label: "test") { _ in UndeclaredHandler() }

  /// Hashing as it must be would take most of the time of the tests, and waiting the rest.
  static let people = PeopleSettings(evenAnswer: .zero, longestDelay: .zero, hashesAreCheap: true)

  /// The log, and the server's own tables.
  static let template = Template(name: "server") { [try .operations()] }

  /// Runs a test against the router, or a live server for what concerns sockets.
  static func with(
    _ setup: TestingSetup = .router, limits: ServerLimits = ServerLimits(), throttle: ThrottleSettings = .off,
    isSecure: Bool = false, people: PeopleSettings = people, plots: URL? = nil,
    slack: SlackDelivery = SlackDelivery(trusting: .none), support: EmailAddress? = nil, logger: Logger = silent,
    _ body: @Sendable (Service) async throws -> Void
  ) async throws {
    try await TestLog.with(template: template) { test in
      let clock = TestClock()
      let signing = try SigningKeys(drawnFor: "localhost/recount")
      // Throttled only where that is what is tested: the clock stands still, and no bucket would fill.
      // No projector runs beside most tests: waiting for it would only take time.
      let server = RecountServer(
        log: test.log, projections: projections, signing: signing, clock: clock, people: people, limits: limits,
        throttle: throttle, isSecure: isSecure, plots: plots, slack: slack, support: support,
        patience: .zero, logger: logger)
      try await server.application(host: "127.0.0.1", port: 0).test(setup) { client in
        try await body(Service(test: test, clock: clock, signing: signing, client: client))
      }
    }
  }

  /// Sends a request, with a key in its header if one is given.
  func send(
    _ method: HTTPRequest.Method, _ uri: String, key: String? = nil, headers: HTTPFields = [:], body: ByteBuffer? = nil
  ) async throws -> Answer {
    var headers = headers
    if let key { headers[.authorization] = "Bearer \(key)" }
    return try Answer(try await client.executeRequest(uri: uri, method: method, headers: headers, body: body))
  }

  func get(_ uri: String, key: String? = nil) async throws -> Answer { try await send(.get, uri, key: key) }

  func track(_ body: String, key: String? = nil, headers: HTTPFields = [:]) async throws -> Answer {
    try await send(.post, "/api/v1/track", key: key, headers: headers, body: ByteBuffer(string: body))
  }
}

extension Service {
  /// An account with its first project and key.
  struct Tenant: Sendable {
    let accountID: UUID
    let projectID: UUID
    let key: String

    /// Where its project's numbers are.
    var path: String { "/api/v1/projects/\(projectID.uuidString.lowercased())" }
  }

  /// Opens an account as a sign-up does, known to the directory; and where people are known, so that they can log in.
  func open(_ tier: Tier = .pro) async throws -> Tenant {
    guard let email = EmailAddress("\(UUID().uuidString)@example.com") else { throw CocoaError(.formatting) }
    let open = OpenAccount(log: test.log, vault: Vault(pool: test.log.pool), clock: clock)
    let opened = try await open(email: email, project: "shop", tier: tier)
    try await catchUp(only: ["directory", "people"])
    return Tenant(accountID: opened.accountID, projectID: opened.projectID, key: opened.apiKey.secret)
  }

  /// A further key of a tenant's project, known to the directory.
  func issue(
    for tenant: Tenant, mode: KeyMode = .live, scopes: [KeyScope] = KeyScope.allCases
  ) async throws -> (id: UUID, key: String) {
    let issued = try await ProjectKeys(log: test.log, clock: clock).issue(
      .init(name: "another", mode: mode, scopes: scopes), for: tenant.projectID, of: tenant.accountID)
    try await catchUp(only: ["directory"])
    return (issued.id, issued.key.secret)
  }

  /// Writes what was not accepted, and brings read models, all by default, to where the log is.
  func catchUp(only names: [String]? = nil) async throws {
    try await test.log.writeTallies()
    var settings = test.database.settings
    settings.role = "recount_projector"
    let pool = Pool(settings, size: 3, logger: Self.silent)
    do {
      try await CatchUp(pool: pool, projections: Self.projections, logger: Self.silent).run(only: names)
    } catch {
      await pool.close()
      throw error
    }
    await pool.close()
  }

  /// One number out of the database, as its owner sees it: a column `n`.
  func number(_ query: Query) async throws -> Int {
    try await test.owner.query(query).first?.decode("n") ?? 0
  }

  /// How many events of a tenant the log holds.
  func logged(_ tenant: Tenant) async throws -> Int {
    try await number(
      """
      SELECT count(*) AS n FROM log.events WHERE type = 'request_tracked' AND account_id = \(tenant.accountID)
      """)
  }
}
