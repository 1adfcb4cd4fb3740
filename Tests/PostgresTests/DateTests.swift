import Foundation
import Postgres
import Testing

@Suite("dates") struct DateTests {
  @Test("are exact to the microsecond, both ways") func exact() async throws {
    let connection = try await Fixture.connect()
    for text in [
      "2026-11-24 10:00:00.123456+00", "1999-12-31 23:59:59.999999+00", "2000-01-01 00:00:00+00",
      "2024-02-29 12:00:00.1+00",
      "1970-01-01 00:00:00.000001+00", "1900-03-01 00:00:00+00", "9999-12-31 23:59:59+00", "12345-01-01 00:00:00+00",
      "infinity", "-infinity",
    ] {
      let sent = try await connection.query(
        "SELECT \(text)::timestamptz AS date, extract(epoch FROM \(text)::timestamptz) AS epoch"
      ).first
      let row = try #require(sent)
      let date = try row.decode("date", as: Date.self)
      let epoch = try row.decode("epoch", as: Double.self)
      #expect(
        date.timeIntervalSince1970 == epoch || abs(date.timeIntervalSince1970 - epoch) < 5e-7 * max(1, epoch / 1e10))
      let back = try await connection.query("SELECT (\(date))::text AS text").first
      #expect(try back?.decode("text", as: String.self) == text)
    }
  }

  @Test("are right whatever zone the database or the role prefers") func zones() async throws {
    var settings = try await Fixture.settings()
    settings.parameters["options"] = "-c TimeZone=Asia/Kolkata -c DateStyle=German"
    let connection = try await Connection.connect(settings, logger: Fixture.logger)
    let row = try await connection.query("SELECT '2026-11-24 10:00:00+00'::timestamptz AS date").first
    #expect(try row?.decode("date", as: Date.self) == Date(timeIntervalSince1970: 1_795_514_400))
    try await connection.query("SET TimeZone = 'Asia/Kolkata'")
    let again = try await connection.query(
      "SELECT '2026-11-24 10:00:00+00'::timestamptz AS date, date '2026-11-24' AS day"
    ).first
    #expect(try again?.decode("date", as: Date.self) == Date(timeIntervalSince1970: 1_795_514_400))
    #expect(try again?.decode("day", as: Date.self) == Date(timeIntervalSince1970: 1_795_478_400))
  }

  @Test("that the server has no room for are refused by it") func outOfRange() async throws {
    let connection = try await Fixture.connect()
    for seconds in [Double.nan, 1e30] {
      let error = await PostgresError.from {
        try await connection.query("SELECT \(Date(timeIntervalSinceReferenceDate: seconds))")
      }
      #expect(error?.sqlState == "22008")
    }
  }
}
