import Postgres
import Testing

@Suite("timestamps") struct TimestampTests {
  @Test("are exact to the microsecond, both ways") func exact() async throws {
    let connection = try await Fixture.connect()
    for text in [
      "2026-11-24 10:00:00.123456+00", "1999-12-31 23:59:59.999999+00", "2000-01-01 00:00:00+00",
      "2024-02-29 12:00:00.1+00",
      "1970-01-01 00:00:00.000001+00", "1900-03-01 00:00:00+00", "9999-12-31 23:59:59+00", "12345-01-01 00:00:00+00",
      "infinity", "-infinity",
    ] {
      let sent = try await connection.query(
        """
        SELECT \(text)::timestamptz AS time, CASE \(text)::timestamptz
          WHEN 'infinity' THEN 9223372036854775807 WHEN '-infinity' THEN -9223372036854775808
          ELSE (extract(epoch FROM \(text)::timestamptz) * 1000000)::bigint END AS microseconds
        """
      ).first
      let row = try #require(sent)
      let time = try row.decode("time", as: TimestampTZ.self)
      #expect(try time.microseconds == row.decode("microseconds"))
      let back = try await connection.query("SELECT (\(time))::text AS text").first
      #expect(try back?.decode("text", as: String.self) == text)
    }
  }

  @Test("are right whatever zone the database or the role prefers") func zones() async throws {
    var settings = try await Fixture.settings()
    settings.parameters["options"] = "-c TimeZone=Asia/Kolkata -c DateStyle=German"
    let connection = try await Connection.connect(settings, logger: Fixture.logger)
    let row = try await connection.query("SELECT '2026-11-24 10:00:00+00'::timestamptz AS time").first
    #expect(try row?.decode("time", as: TimestampTZ.self).microseconds == 1_795_514_400_000_000)
    try await connection.query("SET TimeZone = 'Asia/Kolkata'")
    let again = try await connection.query(
      "SELECT '2026-11-24 10:00:00+00'::timestamptz AS time, date '2026-11-24' AS day"
    ).first
    #expect(try again?.decode("time", as: TimestampTZ.self).microseconds == 1_795_514_400_000_000)
    #expect(try again?.decode("day", as: TimestampTZ.self).microseconds == 1_795_478_400_000_000)
  }

  @Test("that the server has no room for are refused by it") func outOfRange() async throws {
    let connection = try await Fixture.connect()
    for microseconds in [Int64.min + 1, -9_223_372_036_000_000_000, -300_000_000_000_000_000] {
      let error = await PostgresError.from {
        try await connection.query("SELECT \(TimestampTZ(microseconds: microseconds))")
      }
      #expect(error?.sqlState == "22008")
    }
  }

  @Test("that only the server can count to are infinity") func beyondAnInt64() async throws {
    let connection = try await Fixture.connect()
    for (text, microseconds) in [
      ("294247-01-10 04:00:54.775806+00", Int64.max - 1), ("294247-01-10 04:00:54.775808+00", .max),
      ("294276-12-31 23:59:59.999999+00", .max),
    ] {
      let row = try await connection.query("SELECT \(text)::timestamptz AS time").first
      #expect(try row?.decode("time", as: TimestampTZ.self).microseconds == microseconds, "\(text)")
    }
  }
}
