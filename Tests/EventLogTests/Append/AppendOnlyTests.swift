import EventLog
import Logging
import Postgres
import TestDatabase
import Testing

@Suite struct AppendOnlyTests {
  @Test(arguments: [
    "UPDATE log.batches SET events = '[]'", "DELETE FROM log.batches", "TRUNCATE log.batches",
    "INSERT INTO log.batches VALUES (0, 1, 1, now(), decode(repeat('00', 32), 'hex'), '[]')",
    "UPDATE log.heads SET last_position = 0", "UPDATE log.meters SET used = 0", "DELETE FROM log.event_ids",
    "DROP TABLE log.batches", "ALTER TABLE log.batches RENAME TO b",
    "SELECT log.remember(0, now(), NULL::log.decision[], false)",
  ]) func theDatabaseItselfRefusesTheServingRole(statement: String) async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      _ = try await test.log.append([AppendUnit(.sample(source))], shard: test.shard(of: source))
      let error = await #expect(throws: PostgresError.self) { try await test.log.pool.query(Query(statement)) }
      #expect(error?.sqlState == "42501", "insufficient privilege")
    }
  }

  @Test func theOtherRolesCannotAppend() async throws {
    try await TestLog.with { test in
      for role in ["recount_projector", "recount_auditor"] {
        var settings = test.database.settings
        settings.role = role
        let pool = Pool(settings, size: 1, logger: Logger(label: "test"))
        let error = await #expect(throws: PostgresError.self) {
          try await pool.query("SELECT log.append(0, '[]', '{}')")
        }
        #expect(error?.sqlState == "42501")
        await pool.close()
      }
    }
  }
}
