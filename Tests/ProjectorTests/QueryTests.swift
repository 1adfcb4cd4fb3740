import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

@Suite(.timeLimit(.minutes(15))) struct QueryTests {
  @Test func pagesOfTheLatestRequestsHoldEachOnceInOrder() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account(tier: .pro)
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        for (status, count) in [(200, 60), (404, 30), (500, 10)] {
          let times = (0..<count).map { now - Int64($0 % 7) * 40_000_000 }
          for month in Dictionary(grouping: times, by: { CalendarMonth(milliseconds: $0) }).values {
            let unit = AppendUnit.requests(source, at: month, status: status)
            _ = try await test.log.append([unit], shard: test.shard(of: source))
          }
        }
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run(only: ["requests"])
        #expect(try await pages(source, in: test, class: nil).count == 100)
        #expect(try await pages(source, in: test, class: "4xx").count == 30)
        #expect(try await pages(source, in: test, class: "5xx").count == 10)
      }
    }
  }

  /// All pages of nine: positions, checked to be in order.
  private func pages(_ source: TelemetrySource, in test: TestLog, class: String?) async throws -> Set<Int> {
    var positions: Set<Int> = []
    var last: (at: Date, position: Int64)?
    while true {
      let rows = try await test.ask(
        "requests", "latest",
        [
          Int32(test.shard(of: source)), source.projectID, "live", `class`, "GET", "/a", Date.distantPast,
          Date.distantFuture,
          last?.at, last?.position, Int32(9),
        ])
      guard !rows.isEmpty else { return positions }
      for row in rows {
        let next = (at: try row.decode("at", as: Date.self), position: try row.decode("position", as: Int64.self))
        if let last { #expect((next.at, next.position) < (last.at, last.position)) }
        #expect(positions.insert(Int(next.position)).inserted)
        last = next
      }
    }
  }

  /// received = accepted + duplicates + refused + invalid, per project and hour, for all that was ever sent.
  @Test func everythingReceivedIsAccountedFor() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let source = try await test.account(tier: .free)
        let shard = test.shard(of: source)
        let batch = AppendUnit(.sample(source, count: 700, identity: .batch(UUID(), digest: 1)))
        for _ in 0..<2 { _ = try await test.log.append([batch], shard: shard) }
        var invalid = TelemetryUnit.sample(source, count: 500)
        invalid.invalid = 7
        _ = try await test.log.append([AppendUnit(invalid)], shard: shard)
        try await test.log.writeTallies()
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run(only: ["usage"])

        let hours = try await test.ask(
          "usage", "intake", [Int32(shard), source.projectID, "live", Date.distantPast, Date.distantFuture])
        func sum(_ column: String) throws -> Int { try hours.reduce(0) { $0 + (try $1.decode(column, as: Int.self)) } }
        #expect(try sum("received") == 1_907)
        #expect(try [sum("accepted"), sum("duplicates"), sum("refused"), sum("invalid")] == [1_000, 700, 200, 7])

        let month = try #require(
          try await test.ask(
            "usage", "month", [Int32(shard), source.accountID, CalendarMonth(milliseconds: .now).description]
          ).first)
        #expect(try month.decode("used", as: Int.self) == 1_000)
        #expect(try month.decode("refused", as: Int.self) == 200)
        #expect(try month.decode("quota", as: Int.self) == 1_000)
        #expect(try month.decode("exceeded_at", as: Date?.self) != nil)
        let next = try #require(
          try await test.ask("usage", "month", [Int32(shard), source.accountID, "2999-01"]).first)
        #expect(try next.decode("used", as: Int.self) == 0)
        #expect(try next.decode("quota", as: Int.self) == 1_000)
      }
    }
  }
}

extension Int64 {
  /// Milliseconds since 1970.
  fileprivate static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
