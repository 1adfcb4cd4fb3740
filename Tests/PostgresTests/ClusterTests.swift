import Postgres
import TestDatabase
import Testing

@Suite("a test database") struct ClusterTests {
  @Test("is a copy of its template, which is made once") func template() async throws {
    let cluster = try await Cluster.shared()
    let made = Counter()
    func template() async throws -> String {
      try await cluster.ensureTemplate(name: "cluster_tests") { url in
        await made.increment()
        let connection = try await Connection.connect(url.settings, logger: Fixture.logger)
        try await connection.query("CREATE TABLE t AS SELECT 42 AS a")
        await connection.close()
      }
    }
    async let first = template()
    async let second = template()
    let name = try await first
    #expect(try await second == name)
    #expect(await made.count == 1)
    let url = try await cluster.makeDatabase(template: name)
    let connection = try await Connection.connect(url.settings, logger: Fixture.logger)
    #expect(try await connection.query("SELECT a FROM t").first?.decode("a", as: Int.self) == 42)
    try await cluster.dropDatabase(url)
    #expect(await PostgresError.from { try await connection.query("SELECT 1") }?.kind == .connectionLost)
  }

  private actor Counter {
    var count = 0
    func increment() { count += 1 }
  }
}
