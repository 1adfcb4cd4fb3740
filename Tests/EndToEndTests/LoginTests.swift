import Foundation
import Postgres
import TestDatabase
import Testing

/// Every test of this target runs its processes under such logins: what they must do, they can. Here is what they can't.
@Suite(.timeLimit(.whatHangs)) struct LoginTests {
  @Test(arguments: Logins.roles) func aProcessCannotBecomeTheOwnerAgain(role: String) async throws {
    try await Installation.with(.shared()) { installation in
      let connection = try await installation.connect(as: role)
      let owner = try #require(
        try await connection.query(
          "SELECT pg_get_userbyid(nspowner)::text AS owner FROM pg_namespace WHERE nspname = 'log'"
        ).first?.decode("owner", as: String.self))
      for statement in ["RESET ROLE", "SET SESSION AUTHORIZATION DEFAULT"] {
        try await connection.query(Query(statement))
        for fact in Self.forgeries { await Self.expectRefusal(of: fact, on: connection) }
      }
      let others = ["recount_server", "recount_projector", "recount_archiver"].filter { $0 != "recount_\(role)" }
      for role in [owner] + others {
        await Self.expectRefusal(of: "SET ROLE \"\(role)\"", on: connection)
        await Self.expectRefusal(of: "SET SESSION AUTHORIZATION \"\(role)\"", on: connection)
      }
      await connection.close()
    }
  }

  /// What a fault in a process must not be able to do to what was recorded.
  private static let forgeries = [
    "UPDATE log.batches SET events = '[]'", "DELETE FROM log.batches", "TRUNCATE log.batches",
    "UPDATE log.heads SET last_position = 0", "UPDATE log.meters SET used = 0", "DELETE FROM vault.keys",
    "DROP SCHEMA log CASCADE", "DROP FUNCTION log.append", "CREATE TABLE log.mine ()",
    "CREATE ROLE recount_intruder", "GRANT recount_archiver TO CURRENT_USER",
  ]

  private static func expectRefusal(of statement: String, on connection: Connection) async {
    let error = await #expect(throws: PostgresError.self, "\(statement) must be refused") {
      try await connection.query(Query(statement))
    }
    #expect(error?.sqlState == "42501", "insufficient privilege: \(statement)")
  }
}
