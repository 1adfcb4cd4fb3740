import Domain
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

/// The numbers of a project of which every event is known.
@Suite struct ReadTests {
  /// Six quick calls a minute ago, three failed ones an hour ago, one slow one a day ago; of ten different paths.
  private func fill(_ service: Service, _ tenant: Service.Tenant) async throws {
    let quick = (1...6).map { number in
      EventText(service.clock).with("endpoint", "\"/v2/\(number)/servers\"").with("response_time_ms", "\(number)0")
    }
    let failed = (7...9).map { number in
      EventText(service.clock, after: -3_600).with("endpoint", "\"/v2/\(number)/servers?page=1\"")
        .with("status_code", "404").with("response_time_ms", "100")
    }
    let slow = EventText(service.clock, after: -86_400).with("endpoint", "\"/v2/orders\"").with("method", "\"POST\"")
      .with("status_code", "500").with("response_time_ms", "1000")
    let answer = try await service.track((quick + failed + [slow]).call(), key: tenant.key)
    #expect(answer.counts == Counts(accepted: 10))
  }

  /// As between the start of a new server and the end of its projector's rebuild.
  @Test func aReadModelOfAnOlderReleaseIsNotAvailableYet() async throws {
    try await with { service, tenant in
      for table in ["months", "key_months"] {
        try await service.test.owner.query("ALTER TABLE usage.\(identifier: table) DROP COLUMN given_back CASCADE")
      }
      for path in ["/api/v1/usage", "\(tenant.path)/usage"] {
        let answer = try await service.get(path, key: tenant.key)
        answer.expectProblem("projection-stopped", status: 503)
        #expect(answer.headers[.retryAfter] == "10")
        #expect(answer["detail"].string?.contains("being rebuilt") == true)
      }
    }
  }

  @Test func withTheDirectoryOfAnOlderReleaseTheStreamsDecide() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      try await service.test.owner.query("ALTER TABLE directory.members RENAME TO members_of_old")
      try await service.test.owner.query("CREATE VIEW directory.members AS SELECT 1 AS shard")
      try await service.test.owner.query("GRANT SELECT ON directory.members TO PUBLIC")
      let answer = try await service.send(.patch, tenant.path, as: owner, #"{"name": "another"}"#)
      #expect(answer.status == 200, "the streams decide")
    }
  }

  private func with(_ body: @Sendable (Service, Service.Tenant) async throws -> Void) async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      try await fill(service, tenant)
      try await service.catchUp()
      try await body(service, tenant)
    }
  }

  @Test func theSummarySaysWhatWasSent() async throws {
    try await with { service, tenant in
      let summary = try await service.get("\(tenant.path)/summary", key: tenant.key)
      #expect(summary.status == 200)
      #expect(summary["project_id"] == .string(tenant.projectID.uuidString.lowercased()))
      #expect(summary["mode"] == "live")
      #expect(summary["total_calls"] == 10)
      #expect(!summary.text.contains(/\.\d*0[,}\]]/), "zeros that say nothing: \(summary.text)")
      #expect(summary["errors_4xx"] == 3)
      #expect(summary["errors_5xx"] == 1)
      #expect(summary["error_rate_4xx"] == 0.3)
      #expect(summary["error_rate_5xx"] == 0.1)
      #expect(summary["average_response_time_ms"] == 151)
      #expect(summary["max_response_time_ms"] == 1000)
      #expect(abs((summary["p50_response_time_ms"].number ?? 0) - 50) <= 50 * 0.025)
      #expect(abs((summary["p99_response_time_ms"].number ?? 0) - 1000) <= 1000 * 0.025)
      #expect(
        summary["top_endpoints"].elements.map { [$0["method"], $0["template"], $0["total_calls"]] } == [
          ["GET", "/v2/{id}/servers", 6], ["GET", "/v2/{id}/servers?{query}", 3], ["POST", "/v2/orders", 1],
        ])
      #expect(summary["as_of"]["behind"] == 0)
    }
  }

  @Test func withoutCallsThereAreNoRates() async throws {
    try await with { service, tenant in
      let test = try await service.issue(for: tenant, mode: .test).key
      try await service.catchUp()
      let later = "?from=\(service.clock.time(86_400))&to=\(service.clock.time(2 * 86_400))"
      for (query, key) in [("", test), (later, tenant.key)] {
        let summary = try await service.get("\(tenant.path)/summary\(query)", key: key)
        #expect(summary["total_calls"] == 0)
        #expect(summary["error_rate_4xx"] == .null)
        #expect(summary["average_response_time_ms"] == .null)
        #expect(summary["top_endpoints"] == [])
      }
    }
  }

  @Test func aTimeSeriesHasAPointPerInterval() async throws {
    try await with { service, tenant in
      // From, to, in seconds from now, which is noon; the points, and the calls in those that are not quiet.
      let cases: [(interval: String, from: Double, to: Double, count: Int, calls: [Int: Int])] = [
        ("minute", -3_600, 0, 60, [0: 3, 59: 6]), ("hour", -86_400, 0, 24, [0: 1, 23: 9]),
        ("day", -2 * 86_400, 43_200, 3, [1: 1, 2: 9]),
      ]
      for (interval, from, to, count, calls) in cases {
        let query = "interval=\(interval)&from=\(service.clock.time(from))&to=\(service.clock.time(to))"
        let answer = try await service.get("\(tenant.path)/timeseries?\(query)", key: tenant.key)
        let points = answer["points"].elements
        #expect(answer["interval"] == .string(interval))
        // The first day is the one that holds `from`.
        #expect(points.count == count, "\(interval)")
        let busy = points.enumerated().filter { $1["total_calls"] != 0 }.map { ($0, $1["total_calls"].integer) }
        #expect(Dictionary(uniqueKeysWithValues: busy) == calls, "\(interval)")
        #expect(points.allSatisfy { ($0["total_calls"] == 0) == ($0["average_response_time_ms"] == .null) })
        #expect(points.first?["time"].string?.hasSuffix("Z") == true)
      }
    }
  }

  @Test(arguments: [("template", 3), ("path", 10)]) func pagesOfEndpointsHoldEachOnceMostCalledFirst(
    group: String, expected: Int
  ) async throws {
    try await with { service, tenant in
      var endpoints: [JSON] = []
      var cursor = ""
      repeat {
        let answer = try await service.get("\(tenant.path)/endpoints?group=\(group)&limit=2\(cursor)", key: tenant.key)
        #expect(answer["endpoints"].elements.count <= 2)
        endpoints += answer["endpoints"].elements
        cursor = answer["next_cursor"].string.map { "&cursor=\($0)" } ?? ""
      } while !cursor.isEmpty && endpoints.count <= expected
      #expect(endpoints.count == expected)
      #expect(Set(endpoints.map { "\($0["method"]) \($0[group])" }).count == expected)
      let calls = endpoints.map { $0["total_calls"].integer }
      #expect(calls == calls.sorted(by: >))
      #expect(calls.reduce(0, +) == 10)
    }
  }

  @Test func requestsAreFiltered() async throws {
    try await with { service, tenant in
      let filters = [
        ("", 10), ("status=ok", 6), ("status=4xx", 3), ("status=5xx", 1), ("method=POST", 1), ("method=post", 1),
        ("endpoint=/v2/%7Bid%7D/servers", 6), ("endpoint=/v2/7/servers", 1), ("endpoint=/v2/7/servers%3Fpage%3D1", 1),
        ("status=500,404", 4), ("status=404", 3), ("status=ok,5xx", 7), ("status=503", 0),
        ("template=/v2/%7Bid%7D/servers", 6), ("template=/v2/7/servers", 0), ("path=/v2/7/servers", 1),
        ("key_id=\(UUID())", 0), ("min_ms=1000", 1), ("min_ms=1000.000001", 0), ("max_ms=999", 9), ("consumer=x", 0),
        ("release=x", 0), ("endpoint=/nothing", 0), ("status=4xx&method=POST", 0),
        ("from=\(service.clock.time(-3_600))", 9),
        ("to=\(service.clock.time(-3_600))", 1), ("mode=test", 0),
      ]
      for (query, count) in filters {
        let answer = try await service.get("\(tenant.path)/requests?\(query)", key: tenant.key)
        #expect(answer["requests"].elements.count == count, "\(query)")
        #expect(answer["next_cursor"] == .null)
        // A key reads its own mode alone.
        guard query != "mode=test" else { continue }
        #expect(answer["is_complete"] == .bool(true), "\(query)")
        #expect(answer["stopped_by"] == .null)
      }
      let slow = try await service.get("\(tenant.path)/requests?status=5xx", key: tenant.key)["requests"][0]
      #expect(slow["timestamp"] == .string(service.clock.time(-86_400)))
      #expect(slow["path"] == "/v2/orders")
      #expect(slow["template"] == "/v2/orders")
      #expect(slow["status_code"] == 500)
      #expect(slow["response_time_ms"] == 1000)
    }
  }

  @Test func pagesOfRequestsHoldEachOnceLatestFirst() async throws {
    try await with { service, tenant in
      var requests: [JSON] = []
      var cursor = ""
      repeat {
        let answer = try await service.get("\(tenant.path)/requests?limit=3\(cursor)", key: tenant.key)
        requests += answer["requests"].elements
        cursor = answer["next_cursor"].string.map { "&cursor=\($0)" } ?? ""
      } while !cursor.isEmpty && requests.count <= 10
      #expect(Set(requests.map { $0["position"].integer }).count == 10)
      #expect(requests.count == 10)
      let times = requests.compactMap { $0["timestamp"].string }
      #expect(times == times.sorted(by: >))
    }
  }

  @Test func usageIsTheAccountsMonth() async throws {
    try await with { service, tenant in
      let usage = try await service.get("/api/v1/usage", key: tenant.key)
      #expect(usage["month"] == .string(service.clock.month()))
      #expect([usage["used"], usage["quota"], usage["remaining"], usage["refused"]] == [10, 50_000, 49_990, 0])
      #expect(usage["used_percent"] == 0.02)
      let other = try await service.get("/api/v1/usage?month=2999-01", key: tenant.key)
      #expect([other["used"], other["quota"]] == [0, 50_000])
    }
  }

  @Test func anAnswerSaysHowFarBehindTheLogItIs() async throws {
    try await with { service, tenant in
      let before = try await service.get("\(tenant.path)/summary", key: tenant.key)
      #expect(before["as_of"]["behind"] == 0)
      _ = try await service.track([EventText](repeating: EventText(service.clock), count: 7).call(), key: tenant.key)
      for path in ["\(tenant.path)/summary", "\(tenant.path)/requests", "/api/v1/usage"] {
        let behind = try await service.get(path, key: tenant.key)["as_of"]
        #expect(behind["behind"] == 7)
        #expect(behind["position"] == before["as_of"]["position"])
      }
      try await service.catchUp()
      let after = try await service.get("\(tenant.path)/summary", key: tenant.key)
      #expect(after["as_of"]["behind"] == 0)
      #expect(after["as_of"]["position"] == after["as_of"]["log_position"])
      #expect(after["total_calls"] == 17)
    }
  }
}
