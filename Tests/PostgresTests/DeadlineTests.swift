import Postgres
import Testing

/// Bounds are generous: promised is that a wait ends instead of hanging, on however busy a machine.
@Suite("waits") struct DeadlineTests {
  @Test("end at the deadline, and the connection goes on") func deadline() async throws {
    let connection = try await Fixture.connect()
    let clock = ContinuousClock()
    let start = clock.now
    let error = await PostgresError.from {
      try await connection.query("SELECT pg_sleep(\(60.0))", deadline: .milliseconds(100))
    }
    #expect(error?.kind == .deadline)
    #expect(error?.mayHaveCommitted == false)
    #expect(clock.now - start < .seconds(30))
    #expect(try await connection.query("SELECT \(7) AS n").first?.decode("n", as: Int.self) == 7)
  }

  @Test("end when the task is cancelled, and the connection goes on") func cancellation() async throws {
    let connection = try await Fixture.connect()
    let observer = try await Fixture.connect()
    let row = try await connection.query("SELECT pg_backend_pid() AS pid").first
    let pid = try #require(try row?.decode("pid", as: Int32.self))
    let task = Task { try await connection.query("SELECT pg_sleep(60)") }
    try await Observe.until(observer, "SELECT true FROM pg_stat_activity WHERE pid = \(pid) AND wait_event = 'PgSleep'")
    task.cancel()
    let error = await PostgresError.from { _ = try await task.value }
    #expect(error?.kind == .cancelled)
    #expect(try await connection.query("SELECT 1").count == 1)
  }

  @Test("of a cancelled task are not begun") func cancelledBefore() async throws {
    let connection = try await Fixture.connect()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await connection.query("SELECT 1")
    }
    #expect(await PostgresError.from { _ = try await task.value }?.kind == .cancelled)
  }

  @Test("for a host that never answers end within the connect deadline") func deafHost() async throws {
    let deaf = try DeafServer()
    let settings = ConnectionSettings("host=127.0.0.1 port=\(deaf.port) user=x", connectDeadline: .milliseconds(300))
    let start = ContinuousClock.now
    let error = await PostgresError.from { _ = try await Connection.connect(settings, logger: Fixture.logger) }
    #expect(error?.kind == .couldNotConnect)
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test(
    "for a host that isn't there end within the connect deadline",
    arguments: [
      "host=127.0.0.1 port=1", "host=/tmp/no-such-folder", "host=no-such-host.invalid",
    ])
  func noHost(conninfo: String) async throws {
    let start = ContinuousClock.now
    let error = await PostgresError.from {
      _ = try await Connection.connect(
        ConnectionSettings(conninfo, connectDeadline: .seconds(1)), logger: Fixture.logger)
    }
    #expect(error?.kind == .couldNotConnect)
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test("for a log-in that is refused give its SQLSTATE") func refused() async throws {
    var settings = try await Fixture.settings()
    settings.parameters["dbname"] = "no_such_database"
    let error = await PostgresError.from { _ = try await Connection.connect(settings, logger: Fixture.logger) }
    #expect(error?.kind == .couldNotConnect)
    #expect(error?.sqlState == "3D000")
    var role = try await Fixture.settings()
    role.role = "no such \"role"
    let roleError = await PostgresError.from { _ = try await Connection.connect(role, logger: Fixture.logger) }
    #expect(roleError?.kind == .couldNotConnect)
    #expect(roleError?.sqlState == "22023")
  }
}
