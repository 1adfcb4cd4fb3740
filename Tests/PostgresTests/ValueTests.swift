import Foundation
import Postgres
import Testing

@Suite("values") struct ValueTests {
  @Test("come back as they were sent") func roundTrip() async throws {
    let connection = try await Fixture.connect()
    func check<T: PostgresEncodable & PostgresDecodable & Equatable>(_ value: T, as type: String) async throws {
      let rows = try await connection.query("SELECT \(value)::\(unescaped: type) AS value")
      #expect(try #require(rows.first).decode("value", as: T.self) == value, "as \(type)")
    }
    for value in [0, 1, -1, Int.max, Int.min] { try await check(value, as: "bigint") }
    for value in [Int32.min, -7, Int32.max] { try await check(value, as: "integer") }
    for value in [0.1, -1e300, .leastNonzeroMagnitude, .infinity, 1.0 / 3] { try await check(value, as: "float8") }
    for value in [true, false] { try await check(value, as: "boolean") }
    for value in ["", "a", "häß € 😀👩‍👩‍👧", "'\"\\;--", "NULL"] { try await check(value, as: "text") }
    for value in [[], [0, 1, 255], Array(0...255)] as [[UInt8]] { try await check(value, as: "bytea") }
    try await check(UUID(), as: "uuid")
    try await check(nil as String?, as: "text")
    try await check("x" as String?, as: "text")
  }

  @Test("in arrays come back as they were sent") func arrays() async throws {
    let connection = try await Fixture.connect()
    func check<T: PostgresEncodable & PostgresDecodable & Equatable>(_ value: T) async throws {
      #expect(
        try #require(try await connection.query("SELECT \(value) AS value").first).decode("value", as: T.self) == value)
    }
    try await check([] as [Int64])
    try await check([1, Int64.min, Int64.max])
    try await check([1, -2] as [Int32])
    try await check([UUID(), UUID()])
    try await check(["", "a b", "{}", "\"q\" \\ ,", "NULL", "null", "😀", "\n\t"])
    try await check([0.5, -2])
    try await check([true, false])
  }

  @Test("of 5 MB come back whole") func large() async throws {
    let text = String(repeating: "0123456789abcdé\n", count: 330_000)
    let row = try await Fixture.connect().query("SELECT \(text)::text AS t, length(\(text)::text) AS n").first
    #expect(try #require(row).decode("t", as: String.self) == text)
    #expect(try row?.decode("n", as: Int.self) == text.unicodeScalars.count)
  }

  @Test("holding NUL are refused by name, and the connection goes on") func nul() async throws {
    let connection = try await Fixture.connect()
    for query in ["SELECT \("a\0b")::text" as Query, "SELECT \(["a\0b"])", "SELECT \(JSONB("\"\0\""))"] {
      let error = await PostgresError.from { try await connection.query(query) }
      #expect(error?.kind == .server)
      #expect(error?.sqlState?.hasPrefix("22") == true)
    }
    let error = await PostgresError.from { try await connection.query("SELECT \(1), \("a\0b")::text") }
    #expect(error?.message.contains("$2") == true && error?.message.contains("NUL") == true)
    #expect(try await connection.query("SELECT 1").count == 1)
  }

  @Test("of JSON keep their text where the type does") func json() async throws {
    let connection = try await Fixture.connect()
    let row = try #require(
      try await connection.query("SELECT \(JSONB(#"{"b": [1, "😀"]}"#)) AS j, '{ }'::json AS raw").first)
    #expect(try row.decode("j", as: JSONB.self).string == #"{"b": [1, "😀"]}"#)
    #expect(try row.decode("raw", as: [UInt8].self) == Array("{ }".utf8))
  }

  @Test("that don't fit say so with the column's name") func mismatch() async throws {
    let row = try #require(try await Fixture.connect().query("SELECT 'x' AS a, NULL AS n, 3000000000 AS big").first)
    for (column, word) in [("a", "found x"), ("n", "NULL"), ("big", "found 3000000000"), ("zz", "a, n, big")] {
      let error = await PostgresError.from { _ = try row.decode(column, as: Int32.self) }
      #expect(error?.kind == .decoding)
      #expect(error?.message.contains(column) == true && error?.message.contains(word) == true)
    }
  }
}
