import Domain
import EventLog
import Foundation
import Logging
import Postgres
import ServiceLifecycle
import TestDatabase
import Testing

@testable import Projector

/// The repository's projections.
let projectionsFolder = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "Projections")

/// Silent: what is logged is told by status, too.
let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

extension TestLog {
  /// Runs a test with connections as the projector has them.
  func projecting<T: Sendable>(_ body: @Sendable (Pool) async throws -> T) async throws -> T {
    var settings = database.settings
    settings.role = "recount_projector"
    let pool = Pool(settings, size: 6, logger: silent)
    do {
      let value = try await body(pool)
      await pool.close()
      return value
    } catch {
      await pool.close()
      throw error
    }
  }

  /// Runs `body` while `count` runners project, each with connections of its own; then stops them.
  func running(
    _ count: Int = 1, folder: URL = projectionsFolder, archive: ArchiveReader? = nil,
    _ body: @Sendable @escaping (Pool) async throws -> Void
  ) async throws {
    try await projecting { pool in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<count {
          group.addTask {
            try await projecting {
              try await run(pool: $0, folder: folder, archive: archive)
            }
          }
        }
        group.addTask { try await body(pool) }
        // The runners only end before the body when they fail.
        try await group.next()
        group.cancelAll()
        try await group.waitForAll()
      }
    }
  }

  private func run(pool: Pool, folder: URL, archive: ArchiveReader?) async throws {
    let listening = ListeningConnection(database.settings, logger: silent)
    let runner = Runner(pool: pool, projections: folder, archive: archive, listening: listening, logger: silent)
    async let hearing: Void = listening.run()
    try await runner.run()
    await hearing
  }

  /// Returns when a status of the read models is as wanted. Waits for the runners' announcements, looking once a second besides.
  func until(_ pool: Pool, _ condition: @Sendable ([Status]) -> Bool) async throws {
    let connection = try await Connection.connect(database.settings, logger: silent)
    let announcements = try await connection.listen(to: "recount_projected").makeAsyncIterator()
    var iterator = announcements
    let deadline = ContinuousClock.now + .seconds(120)
    while true {
      let status = (try? await Status.all(pool)) ?? []
      if !status.isEmpty, condition(status) { break }
      guard ContinuousClock.now < deadline else {
        Issue.record("not reached within two minutes: \(status)")
        break
      }
      let nudge = Task { [owner] in
        try await Task.sleep(for: .seconds(1))
        try await owner.query("SELECT pg_notify('recount_projected', '')")
      }
      _ = await iterator.next()
      nudge.cancel()
    }
    await connection.close()
  }

  /// Returns when all read models are where the log is.
  func untilProjected(_ pool: Pool) async throws {
    let all = try Projection.all(in: projectionsFolder).count * Self.shards
    try await until(pool) { $0.allSatisfy { $0.behind == 0 } && $0.count >= all }
  }

  /// Promise 7: the log alone gives the same rows, however it is cut.
  func expectReplayIsClean(
    _ pool: Pool, folder: URL = projectionsFolder, _ location: SourceLocation = #_sourceLocation
  ) async throws {
    let report = try await ReplayCheck(pool: pool, projections: folder, logger: silent).run()
    #expect(report.notBuilt.isEmpty, sourceLocation: location)
    #expect(report.tables.flatMap(\.differences).isEmpty, sourceLocation: location)
    #expect(report.isClean, sourceLocation: location)
  }

  /// Runs one of the repository's queries as the server would.
  func ask(_ projection: String, _ query: String, _ parameters: [any PostgresEncodable]) async throws -> Rows {
    let file = projectionsFolder.appending(path: "\(projection)/queries/\(query).sql")
    return try await log.pool.query(Query(String(contentsOf: file, encoding: .utf8), parameters))
  }

  /// Where read model `requests` says that requests lie, in order of its rows and of position.
  func places() async throws -> [BatchPlace] {
    try await owner.query("SELECT places FROM requests.batches ORDER BY shard, project_id, mode, at, part").flatMap {
      try BatchPlaces(bytes: try $0.decode("places")).all().reversed()
    }
  }

  /// One number.
  func number(_ query: Query) async throws -> Int {
    try #require(try await owner.query(query).first).decode("n")
  }
}
