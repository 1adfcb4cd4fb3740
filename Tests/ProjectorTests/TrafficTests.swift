import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Projector

@Suite(.timeLimit(.minutes(15))) struct TrafficTests {
  /// The bound that Projections/traffic/README.md states: 2.5 %, or 0.01 ms.
  @Test(arguments: 0..<5) func percentilesAreWithinTheStatedBoundOfTheExactOnes(seed: Int) async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        var random = Seeded(seed)
        let source = try await test.account(tier: .pro)
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        // Log-uniform over all magnitudes, or narrow, or with many zeros: what is hard differs.
        let exponents = [-6.0...6.5, 1.0...1.1, -3.0...0.0, 2.0...2.0, -6.0 ... -1.9][seed]
        let times = (0..<1_999).map { _ in
          Int64(min(3_600_000, pow(10, Double.random(in: exponents, using: &random))) * 1_000_000)
        }
        _ = try await test.log.append(
          [.requests(source, at: times.map { _ in now }, nanoseconds: { seed == 3 && $0 % 2 == 0 ? 0 : times[$0] })],
          shard: test.shard(of: source))
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run(only: ["traffic"])
        let row = try #require(try await summary(of: source, in: test).first)
        for (column, fraction) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
          let exact = try #require(
            try await test.owner.query(
              """
              SELECT percentile_disc(\(fraction)) WITHIN GROUP (ORDER BY (data ->> 'response_time_ms')::float8) AS p
              FROM log.events WHERE type = 'request_tracked'
              """
            ).first
          ).decode("p", as: Double.self)
          let shown: Double = try row.decode(column)
          #expect(abs(shown - exact) <= max(exact * 0.025, 0.01), "\(column): \(shown), exactly \(exact)")
        }
      }
    }
  }

  /// Whatever a range is taken apart into, it counts what lies in it.
  @Test func aSummaryOfAnyRangeOfMinutesCountsWhatLiesInIt() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        var random = Seeded(5)
        let source = try await test.account(tier: .pro)
        let start: Int64 = 1_793_491_200_000  // 2026-11-01
        let times = (0..<2_000).map { _ in start + Int64.random(in: 0..<4 * 86_400_000, using: &random) }
        _ = try await test.log.append([.requests(source, at: times)], shard: test.shard(of: source))
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run(only: ["traffic"])
        for _ in 0..<200 {
          let (a, b) = (Int64.random(in: 0...5_760, using: &random), Int64.random(in: 0...5_760, using: &random))
          let (from, to) = (start + min(a, b) * 60_000, start + max(a, b) * 60_000)
          let row = try #require(try await summary(of: source, in: test, from: from, to: to).first)
          #expect(try row.decode("total_calls", as: Int.self) == times.count { $0 >= from && $0 < to })
        }
      }
    }
  }

  /// The nova-api log as an external counter sees it: 1,017 requests, their statuses, endpoints and exact mean.
  @Test(.enabled(if: NovaLog.exists)) func theNovaLogGivesTheNumbersThatAwkGives() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let requests = try NovaLog.requests()
        let source = try await test.account(tier: .pro)
        var unit = TelemetryUnit(source: source, month: requests[0].month)
        unit.count = requests.count
        for (index, request) in requests.enumerated() {
          if index > 0 { unit.data.append(UInt8(ascii: ",")) }
          request.encode(into: &unit.data)
        }
        _ = try await test.log.append([AppendUnit(unit)], shard: test.shard(of: source))
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()

        let row = try #require(try await summary(of: source, in: test).first)
        #expect(try row.decode("total_calls", as: Int.self) == 1_017)
        #expect(try row.decode("errors_4xx", as: Int.self) == 41)
        #expect(try row.decode("errors_5xx", as: Int.self) == 0)
        let mean = Decimal(requests.reduce(Int64(0)) { $0 + $1.responseTimeNanoseconds }) / 1_017_000_000
        let shown = try #require(Decimal(string: try row.decode("average_response_time_ms", as: String.self)))
        #expect(abs(shown - mean) < Decimal(string: "0.000000001") ?? 0)

        let endpoints = try await test.ask(
          "traffic", "endpoints",
          [
            Int32(test.shard(of: source)), source.projectID, "live", NovaLog.from, NovaLog.to, Int32(1), Int64?.none,
            String?.none, String?.none,
          ])
        let top = try #require(endpoints.first)
        #expect(try top.decode("template", as: String.self) == "/v2/{id}/servers/detail")
        #expect(try top.decode("total_calls", as: Int.self) == 698)
        let statuses = try await test.owner.query(
          "SELECT status_code, count(*) AS n FROM requests.latest GROUP BY status_code ORDER BY status_code")
        #expect(try statuses.map { try $0.decode("n", as: Int.self) } == [933, 21, 22, 41])
      }
    }
  }

  private func summary(
    of source: TelemetrySource, in test: TestLog, from: Int64 = 0, to: Int64 = 4_000_000_000_000
  ) async throws -> Rows {
    let times = [from, to].map { Date(timeIntervalSince1970: Double($0) / 1000) }
    return try await test.ask(
      "traffic", "summary", [Int32(test.shard(of: source)), source.projectID, "live", times[0], times[1]])
  }
}
