import Postgres
import TestDatabase
import Testing

@Suite("a server that goes away", .timeLimit(.whatHangs)) struct RestartTests {
  @Test("and comes back is found again by the next use") func restart() async throws {
    let cluster = try await Cluster.start()
    let pool = Pool(cluster.url.settings, size: 3, logger: Fixture.logger)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<3 { group.addTask { _ = try await pool.query("SELECT pg_sleep(0.05)") } }
      try await group.waitForAll()
    }
    try await cluster.restart()
    // Three dead connections lie idle; none of them costs the caller an error.
    #expect(try await pool.query("SELECT \(1) AS n").first?.decode("n", as: Int.self) == 1)

    try await cluster.kill9()
    #expect(await PostgresError.from { try await pool.query("SELECT 1") }?.kind == .couldNotConnect)
    try await cluster.restart()
    #expect(try await pool.transaction { try await $0.query("SELECT 1").count } == 1)
    await pool.close()
    try await cluster.discard()
  }
}
