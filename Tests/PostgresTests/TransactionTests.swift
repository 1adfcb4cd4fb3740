import Postgres
import Testing

@Suite("transactions") struct TransactionTests {
  struct Refusal: Error {}

  private func table(on connection: Connection) async throws -> String {
    let name = Fixture.name("tx")
    try await connection.query("CREATE TABLE \(identifier: name) (a int)")
    return name
  }

  private func count(_ table: String, _ connection: Connection) async throws -> Int {
    try #require(try await connection.query("SELECT count(*) AS n FROM \(identifier: table)").first).decode("n")
  }

  @Test("are kept on return and undone on throw") func commitAndRollBack() async throws {
    let connection = try await Fixture.connect()
    let table = try await table(on: connection)
    try await connection.transaction { _ = try await $0.query("INSERT INTO \(identifier: table) VALUES (\(1))") }
    await #expect(throws: Refusal.self) {
      try await connection.transaction { connection in
        try await connection.query("INSERT INTO \(identifier: table) VALUES (\(2))")
        throw Refusal()
      }
    }
    #expect(try await count(table, connection) == 1)
  }

  @Test("whose failed statement was overlooked don't pretend to have committed") func overlooked() async throws {
    let connection = try await Fixture.connect()
    let table = try await table(on: connection)
    let error = await PostgresError.from {
      try await connection.transaction { connection in
        try await connection.query("INSERT INTO \(identifier: table) VALUES (1)")
        _ = try? await connection.query("SELECT 1/0")
      }
    }
    #expect(error?.sqlState == "25P02")
    #expect(error?.mayHaveCommitted == false)
    #expect(try await count(table, connection) == 0)
  }

  @Test("have the isolation and access asked for") func isolation() async throws {
    let connection = try await Fixture.connect()
    let level = try await connection.transaction(.serializable, readOnly: true) { connection in
      try await connection.query(
        "SELECT current_setting('transaction_isolation') || current_setting('transaction_read_only') AS s"
      ).first?
      .decode("s", as: String.self)
    }
    #expect(level == "serializableon")
  }

  @Test("don't nest, and say so") func nested() async throws {
    let error = await PostgresError.from {
      try await Fixture.connect().transaction { connection in try await connection.transaction { _ in } }
    }
    #expect(error?.sqlState == "25001")
  }

  @Test("of a cancelled task are undone") func cancelled() async throws {
    let connection = try await Fixture.connect()
    let table = try await table(on: connection)
    let task = Task {
      try await connection.transaction { connection in
        try await connection.query("INSERT INTO \(identifier: table) VALUES (1)")
        withUnsafeCurrentTask { $0?.cancel() }
      }
    }
    #expect(await PostgresError.from { try await task.value }?.kind == .cancelled)
    #expect(try await count(table, connection) == 0)
  }

  @Test("broken before COMMIT have not committed; a statement of its own may have") func mayHaveCommitted() async throws
  {
    let killer = try await Fixture.connect()
    func victim(_ body: (Connection) async throws -> Void) async throws -> PostgresError? {
      let connection = try await Fixture.connect()
      let row = try await connection.query("SELECT pg_backend_pid() AS pid").first
      let pid = try #require(try row?.decode("pid", as: Int32.self))
      async let killed: Void = Self.terminate(pid, with: killer)
      let error = await PostgresError.from { try await body(connection) }
      try await killed
      return error
    }
    let inside = try await victim { try await $0.transaction { _ = try await $0.query("SELECT pg_sleep(60)") } }
    #expect(inside?.kind == .connectionLost && inside?.mayHaveCommitted == false)
    #expect(inside?.sqlState == "57P01")
    let alone = try await victim { try await $0.query("SELECT pg_sleep(60)") }
    #expect(alone?.kind == .connectionLost && alone?.mayHaveCommitted == true)
    let commit = try await victim { connection in
      try await connection.execute(
        script: """
          CREATE TEMP TABLE slow (a int);
          CREATE FUNCTION pg_temp.sleep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END';
          CREATE CONSTRAINT TRIGGER late AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION pg_temp.sleep()
          """)
      try await connection.transaction { _ = try await $0.query("INSERT INTO slow VALUES (1)") }
    }
    #expect(commit?.kind == .connectionLost && commit?.mayHaveCommitted == true && commit?.query == "COMMIT")
  }

  private static func terminate(_ pid: Int32, with killer: Connection) async throws {
    try await Observe.until(
      killer, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = \(pid) AND wait_event = 'PgSleep'")
  }
}
