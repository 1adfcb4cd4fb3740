import Foundation
import Postgres
import TestDatabase
import Testing

@Suite("a schema's folder") struct SchemaTests {
  private static let grants = ["objects/grants.sql": "GRANT USAGE ON SCHEMA house TO PUBLIC;"]
  private static let steps = ["steps/010_rooms.sql": "CREATE TABLE house.rooms (name text PRIMARY KEY);"]
  private static let objects = [
    // Named so that each comes before what it needs.
    "objects/a/a_view.sql": "CREATE OR REPLACE VIEW house.a_view AS\nSELECT f.size FROM house.b_function() AS f;",
    "objects/b_function.sql": """
    CREATE OR REPLACE FUNCTION house.b_function() RETURNS SETOF house.c_type
    LANGUAGE sql
    AS $$ SELECT r.* FROM house.d_function() AS r $$;
    """,
    "objects/c/c_type.sql": "CREATE TYPE house.c_type AS (size integer);",
    "objects/d_function.sql": """
    CREATE OR REPLACE FUNCTION house.d_function() RETURNS SETOF house.c_type
    LANGUAGE sql
    AS $$ SELECT ROW(count(*))::house.c_type FROM house.rooms $$;
    """,
  ]
  private static var house: [String: String] { grants.merging(steps) { $1 }.merging(objects) { $1 } }

  /// Runs a test on an empty database.
  private func empty(_ body: (Connection) async throws -> Void) async throws {
    let cluster = try await Cluster.shared()
    let database = try await cluster.makeDatabase()
    let connection = try await Connection.connect(database.settings, logger: Fixture.logger)
    do { try await body(connection) } catch {
      await connection.close()
      throw error
    }
    await connection.close()
    try await cluster.dropDatabase(database)
  }

  private func schema(_ files: [String: String]) throws -> Schema {
    let folder = FileManager.default.temporaryDirectory.appending(path: "schema-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    return try Schema(name: "house", folder: folder)
  }

  private func install(_ files: [String: String], _ connection: Connection) async throws {
    let schema = try schema(files)
    try await connection.transaction { try await schema.install(on: $0) }
  }

  private func one<T: PostgresDecodable & Sendable>(_ query: Query, _ connection: Connection) async throws -> T {
    try #require(try await connection.query(query).first).decode(0)
  }

  @Test("is installed whatever its files are called, and again without a change") func installs() async throws {
    try await empty { connection in
      for _ in 0..<2 { try await install(Self.house, connection) }
      #expect(try await one("SELECT size FROM house.a_view", connection) == Int32(0))
      #expect(try await one("SELECT count(*) FROM house.steps", connection) == Int64(1))
    }
  }

  @Test("replaces in place what it can: a type that is as it was, and what is made of it, stay the same objects")
  func replacesInPlace() async throws {
    try await empty { connection in
      let identities: Query = """
        SELECT string_agg(oid::text, ' ' ORDER BY oid) FROM (
          SELECT oid FROM pg_type WHERE typnamespace = 'house'::regnamespace
          UNION ALL SELECT oid FROM pg_proc WHERE pronamespace = 'house'::regnamespace
          UNION ALL SELECT oid FROM pg_class WHERE relnamespace = 'house'::regnamespace) AS o
        """
      try await install(Self.house, connection)
      let before: String = try await one(identities, connection)
      var files = Self.house
      files["objects/d_function.sql"] = files["objects/d_function.sql"]?.replacing("count(*)", with: "count(*) + 7")
      try await install(files, connection)
      #expect(try await one("SELECT size FROM house.a_view", connection) == Int32(7))
      #expect(try await one(identities, connection) == before)
    }
  }

  @Test("makes a changed type anew, and everything that is made of it") func changedType() async throws {
    try await empty { connection in
      try await install(Self.house, connection)
      var files = Self.house
      files["objects/c/c_type.sql"] = "CREATE TYPE house.c_type AS (size bigint, colour text);"
      files["objects/d_function.sql"] = files["objects/d_function.sql"]?.replacing("count(*)", with: "count(*), 'red'")
      try await install(files, connection)
      #expect(try await one("SELECT size FROM house.a_view", connection) == Int64(0))
      #expect(try await one("SELECT colour FROM house.b_function()", connection) == "red")
    }
  }

  @Test("changes what a function returns and takes, and drops what is no longer there") func changedFunctions()
    async throws
  {
    try await empty { connection in
      try await install(Self.house, connection)
      var files = Self.grants.merging(Self.steps) { $1 }
      files["objects/b_function.sql"] = """
        CREATE OR REPLACE FUNCTION house.b_function(more integer) RETURNS integer
        LANGUAGE sql
        AS $$ SELECT more + 1 $$;
        """
      files["objects/d_function.sql"] = """
        CREATE OR REPLACE FUNCTION house.d_function() RETURNS text
        LANGUAGE sql
        AS $$ SELECT 'd' $$;
        """
      try await install(files, connection)
      #expect(try await one("SELECT house.d_function() || house.b_function(2)", connection) == "d3")
      let left: String = try await one(
        """
        SELECT string_agg(name, ' ' ORDER BY name) FROM (
          SELECT proname::text AS name FROM pg_proc WHERE pronamespace = 'house'::regnamespace
          UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'house'::regnamespace AND relkind IN ('v', 'c')) AS o
        """, connection)
      #expect(left == "b_function d_function")
    }
  }

  @Test("runs a new step once, after the others") func newStep() async throws {
    try await empty { connection in
      try await install(Self.house, connection)
      var files = Self.house
      files["steps/020_hall.sql"] = "INSERT INTO house.rooms (name) VALUES ('hall');"
      for _ in 0..<2 { try await install(files, connection) }
      #expect(try await one("SELECT size FROM house.a_view", connection) == Int32(1))
      #expect(
        try await one("SELECT string_agg(name, ' ' ORDER BY run_at) FROM house.steps", connection)
          == "010_rooms 020_hall")
    }
  }

  @Test("refuses a step that was edited, is missing or comes too late, and changes nothing") func refusedSteps()
    async throws
  {
    try await empty { connection in
      var files = Self.house
      files["steps/030_hall.sql"] = "INSERT INTO house.rooms (name) VALUES ('hall');"
      try await install(files, connection)
      var edited = files
      edited["steps/030_hall.sql"]? += " -- really"
      var late = files
      late["steps/020_roof.sql"] = "INSERT INTO house.rooms (name) VALUES ('roof');"
      let refusals: [([String: String], MigrationError)] = [
        (edited, .changedStep(schema: "house", step: "030_hall")),
        (Self.house, .newerRelease(schema: "house", steps: ["030_hall"])),
        (late, .stepOutOfOrder(schema: "house", step: "020_roof", after: "030_hall")),
      ]
      for (var files, refusal) in refusals {
        files["objects/d_function.sql"] = files["objects/d_function.sql"]?.replacing("count(*)", with: "99")
        await #expect(throws: refusal) { try await install(files, connection) }
      }
      #expect(try await one("SELECT size FROM house.a_view", connection) == Int32(1))
    }
  }

  @Test("finds a body that names what isn't there") func badBody() async throws {
    try await empty { connection in
      var files = Self.house
      files["objects/d_function.sql"] = files["objects/d_function.sql"]?.replacing("house.rooms", with: "house.halls")
      let error = await PostgresError.from { try await install(files, connection) }
      #expect(error?.sqlState == "42P01")
      #expect(error?.context?.contains("d_function") == true)
    }
  }

  @Test(
    "takes one object to a file, of the file's name",
    arguments: [
      "CREATE OR REPLACE FUNCTION house.other() RETURNS integer\nLANGUAGE sql\nAS $$ SELECT 1 $$;",
      "CREATE OR REPLACE FUNCTION home.thing() RETURNS integer\nLANGUAGE sql\nAS $$ SELECT 1 $$;",
      "CREATE FUNCTION house.thing() RETURNS integer\nLANGUAGE sql\nAS $$ SELECT 1 $$;",
      "CREATE TABLE house.thing (a integer);",
      "CREATE TYPE house.thing AS (a integer);\nDROP TABLE house.rooms;", "SELECT 1;",
    ]) func oneObject(text: String) throws
  {
    var files = Self.house
    files["objects/thing.sql"] = text
    #expect(throws: MigrationError.notAnObject(file: "house: thing.sql")) { try schema(files) }
  }
}
