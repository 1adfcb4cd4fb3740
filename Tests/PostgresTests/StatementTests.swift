import Postgres
import Testing

@Suite("statements") struct StatementTests {
  @Test("that fail surface SQLSTATE, detail and constraint") func sqlState() async throws {
    let connection = try await Fixture.connect()
    try await connection.execute(
      script: "CREATE TEMP TABLE t (a int CONSTRAINT only_once UNIQUE); INSERT INTO t VALUES (1)")
    let error = await PostgresError.from { try await connection.query("INSERT INTO t VALUES (\(1))") }
    #expect(error?.kind == .server)
    #expect(error?.sqlState == "23505")
    #expect(error?.detail?.contains("(a)=(1)") == true)
    #expect(error?.constraint == "only_once")
    #expect(error?.mayHaveCommitted == false)
    #expect(error?.query?.contains("$1") == true)
  }

  @Test("say how many rows they touched") func affected() async throws {
    let connection = try await Fixture.connect()
    try await connection.query("CREATE TEMP TABLE t (a int)")
    #expect(try await connection.query("INSERT INTO t SELECT generate_series(1, \(5 as Int32))").affected == 5)
    #expect(try await connection.query("DELETE FROM t WHERE a > \(2)").affected == 3)
    #expect(try await connection.query("SELECT a FROM t").columns == ["a"])
  }

  @Test("are prepared again after their table changed shape, and after the server forgot them") func stale()
    async throws
  {
    let connection = try await Fixture.connect()
    try await connection.query("CREATE TEMP TABLE t AS SELECT 1 AS a")
    let query: Query = "SELECT * FROM t WHERE a = \(1)"
    #expect(try await connection.query(query).columns == ["a"])
    try await connection.query("ALTER TABLE t ADD b int")
    #expect(try await connection.query(query).columns == ["a", "b"])
    try await connection.query("DEALLOCATE ALL")
    #expect(try await connection.query(query).columns == ["a", "b"])
  }

  @Test("keep a bounded number of preparations in the server") func bounded() async throws {
    let connection = try await Fixture.connect()
    for number in 0..<450 { try await connection.query("SELECT \(unescaped: String(number)), \(1)") }
    let row = try await connection.query("SELECT count(*) AS n FROM pg_prepared_statements").first
    let count = try #require(try row?.decode("n", as: Int.self))
    #expect(count > 100 && count <= 200)
  }

  @Test("of a script run together or not at all") func script() async throws {
    let connection = try await Fixture.connect()
    let table = Fixture.name("script")
    let error = await PostgresError.from {
      try await connection.execute(script: "CREATE TABLE \(table) (); SELECT 1/0; CREATE TABLE never ()")
    }
    #expect(error?.sqlState == "22012")
    let row = try await connection.query("SELECT to_regclass(\(table))::text AS name").first
    #expect(try row?.decode("name", as: String?.self) == nil)
  }

  @Test("of COPY are refused without a hang") func copy() async throws {
    for text in ["COPY (SELECT 1) TO STDOUT", "COPY pg_class FROM STDIN"] {
      let connection = try await Fixture.connect()
      #expect(await PostgresError.from { try await connection.query(Query(text)) } != nil)
    }
  }

  @Test("with more parameters than the protocol has room for are refused") func tooMany() async throws {
    let connection = try await Fixture.connect()
    let error = await PostgresError.from {
      try await connection.query(Query("SELECT 1", Array(repeating: 1, count: 70_000)))
    }
    #expect(error?.sqlState == "54023")
    #expect(try await connection.query("SELECT 1").count == 1)
  }
}
