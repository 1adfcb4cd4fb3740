import Testing

@testable import Postgres

@Suite struct DescribeTests {
  @Test func aStatementsParametersAndColumnsAreToldWithoutRunningIt() async throws {
    let connection = try await Fixture.connect()
    let described = try await connection.describe(
      "SELECT $2::uuid AS id, 1 / $1::integer AS part, '{}'::text[] AS words")
    #expect(described.parameters == [23, 2950])
    #expect(described.columns.map(\.name) == ["id", "part", "words"])
    #expect(described.columns.map(\.type) == [2950, 23, 1009])
    #expect(try await connection.describe("DELETE FROM pg_class").columns == [])
    let count = try await connection.query("SELECT count(*) > 0 AS some FROM pg_class").first
    #expect(try count?.decode("some", as: Bool.self) == true)
    await connection.close()
  }

  @Test func whatIsWrongWithAStatementIsThrownAndTheConnectionGoesOn() async throws {
    let connection = try await Fixture.connect()
    let error = await PostgresError.from { _ = try await connection.describe("SELECT nothing FROM pg_class") }
    #expect(error?.sqlState == "42703")
    #expect(try await connection.query("SELECT 1 AS n").first?.decode("n", as: Int.self) == 1)
    await connection.close()
  }
}
