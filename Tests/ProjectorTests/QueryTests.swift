import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

@Suite(.timeLimit(.whatHangs)) struct QueryTests {
  /// received = accepted + duplicates + refused + invalid, per project and hour, for all that was ever sent.
  @Test func everythingReceivedIsAccountedFor() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account(tier: .free)
        let shard = test.shard(of: source)
        let batch = AppendUnit(.sample(source, count: 700, identity: .batch(UUID(), digest: 1)))
        for _ in 0..<2 { _ = try await test.log.append([batch], shard: shard) }
        var invalid = TelemetryUnit.sample(source, count: 500)
        (invalid.malformed, invalid.strayed, invalid.conflicting) = (4, 2, 1)
        _ = try await test.log.append([AppendUnit(invalid)], shard: shard)
        try await test.log.writeTallies()
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run(only: ["usage"])

        let hours = try await test.ask(
          "usage", "intake", [Int32(shard), source.projectID, "live", Instant.distantPast, Instant.distantFuture])
        func sum(_ column: String) throws -> Int { try hours.reduce(0) { $0 + (try $1.decode(column, as: Int.self)) } }
        #expect(try sum("received") == 1_907)
        #expect(try [sum("accepted"), sum("duplicates"), sum("refused"), sum("invalid")] == [1_000, 700, 200, 7])
        #expect(try [sum("malformed"), sum("outside_window"), sum("id_conflicts")] == [4, 2, 1])

        let months = try await test.ask(
          "usage", "months",
          [Int32(shard), source.accountID, [CalendarMonth(of: .now).description, "2999-01"]])
        func month(_ name: String) throws -> Row {
          try #require(
            try months.first { row in
              try row.decode("month", as: String.self) == name && row.decode("mode", as: String.self) == "live"
            })
        }
        let now = try month(CalendarMonth(of: .now).description)
        #expect(try now.decode("used", as: Int.self) == 1_000)
        #expect(try now.decode("refused", as: Int.self) == 200)
        #expect(try now.decode("quota", as: Int.self) == 1_000)
        #expect(try now.decode("exceeded_at", as: Instant?.self) != nil)
        let next = try month("2999-01")
        #expect(try next.decode("used", as: Int.self) == 0)
        #expect(try next.decode("quota", as: Int.self) == 1_000)
      }
    }
  }
}
