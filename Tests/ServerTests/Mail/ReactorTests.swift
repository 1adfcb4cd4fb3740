import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// What any reactor can rely on.
@Suite(.timeLimit(.whatHangs)) struct ReactorTests {
  /// Writes down what it was told; and fails at the third, and at two later ones.
  private struct Clerk: Reactor {
    let name = "clerk"
    let types = ["user_registered"]
    let isClumsy: Bool

    nonisolated(nonsending) func react(to event: LoggedEvent, on connection: Connection) async throws {
      try await connection.query(
        "INSERT INTO operations.notes (shard, position) VALUES (\(Int32(event.shard)), \(event.position))")
      let stumbles = try await connection.query("SELECT operations.stumble(\(isClumsy)) AS stumbles").first?
        .decode("stumbles", as: Bool.self)
      if stumbles == true { throw Stumble() }
    }
  }

  private struct Stumble: Error {}

  @Test(arguments: [false, true]) func eachEventIsReactedToOnceInOrderByAnyNumberOfProcesses(isClumsy: Bool)
    async throws
  {
    try await MailDesk.with { desk in
      try await desk.test.owner.query(
        "CREATE TABLE operations.notes (n bigint GENERATED ALWAYS AS IDENTITY, shard integer, position bigint)")
      try await desk.test.owner.query("CREATE SEQUENCE operations.stumbles")
      try await desk.test.owner.query(
        """
        CREATE FUNCTION operations.stumble(clumsy boolean) RETURNS boolean LANGUAGE sql SECURITY DEFINER AS $$
          SELECT clumsy AND nextval('operations.stumbles') IN (3, 7, 20)
        $$
        """)
      try await desk.test.owner.query("GRANT ALL ON operations.notes TO recount_server")
      let people = 12
      let pools = (0..<3).map { _ in desk.pool() }
      try await withThrowingTaskGroup { group in
        for pool in pools {
          let listening = ListeningConnection(desk.settings, logger: Service.silent)
          let followers = Followers(
            [Clerk(isClumsy: isClumsy)], pool: pool, listening: listening, logger: Service.silent)
          group.addTask { await listening.run() }
          group.addTask { await followers.run() }
        }
        for index in 0..<people { _ = try await desk.person("p\(index)@example.com") }
        try await soon("all are noted") { try await desk.notes() == people }
        group.cancelAll()
      }
      for pool in pools { await pool.close() }
      let doubles = try await desk.test.owner.query(
        "SELECT count(*) - count(DISTINCT (shard, position)) AS n FROM operations.notes"
      ).first?.decode("n", as: Int.self)
      let disorder = try await desk.test.owner.query(
        """
        SELECT count(*) AS n FROM operations.notes AS a JOIN operations.notes AS b
        ON a.shard = b.shard AND a.position < b.position AND a.n > b.n
        """
      ).first?.decode("n", as: Int.self)
      #expect(doubles == 0 && disorder == 0)
    }
  }

  @Test func aLogWithAGapStopsItWithTheReasonShown() async throws {
    try await MailDesk.with { desk in
      for index in 0..<6 { _ = try await desk.person("p\(index)@example.com") }
      try await desk.queue()
      try await desk.test.owner.query("UPDATE operations.reactors SET position = 0")
      try await desk.test.owner.query("DELETE FROM log.batches WHERE first_position = 1")
      let box = Letterbox()
      try await desk.working(through: box) {
        try await soon("the reason is shown") {
          let shown = try await desk.test.owner.query(
            "SELECT count(*) AS n FROM operations.reactors WHERE error LIKE '%not whole after position 0%'")
          return try shown.first?.decode("n", as: Int.self) ?? 0 > 0
        }
      }
    }
  }
}

extension MailDesk {
  func notes() async throws -> Int {
    try await test.owner.query("SELECT count(*) AS n FROM operations.notes").first?.decode("n") ?? 0
  }
}
