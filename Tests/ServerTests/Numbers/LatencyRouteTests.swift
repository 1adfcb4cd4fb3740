import Foundation
import TestDatabase
import Testing

/// Histograms, percentiles and Apdex over the API.
@Suite struct LatencyRouteTests {
  /// Ten calls, at 10, 20 … 90 and 1,000 ms: nine of a minute ago, the slow one of a day ago; and one that says nothing of its time.
  private func with(_ body: @Sendable (Service, Service.Tenant) async throws -> Void) async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let quick = (1...9).map { EventText(service.clock).with("response_time_ms", "\($0)0") }
      let slow = EventText(service.clock, after: -86_400).with("response_time_ms", "1000").with("status_code", "500")
      let untimed = EventText(service.clock).with("response_time_ms", nil)
      #expect(
        try await service.track((quick + [slow, untimed]).call(), key: tenant.key).counts == Counts(accepted: 11))
      try await service.catchUp()
      try await body(service, tenant)
    }
  }

  @Test func aPointPerIntervalHoldsItsHistogram() async throws {
    try await with { service, tenant in
      let range = "from=\(service.clock.time(-86_400))&to=\(service.clock.time())"
      let answer = try await service.get("\(tenant.path)/latency?interval=hour&\(range)", key: tenant.key)
      #expect(answer.status == 200)
      #expect([answer["interval"], answer["time_zone"], answer["timed_calls"]] == ["hour", "UTC", 10])
      let points = answer["points"].elements
      #expect(points.count == 24 && points[5]["buckets"] == [] && points[5]["timed_calls"] == 0)
      let slow = try #require(points.first)
      #expect(slow["timed_calls"] == 1 && slow["buckets"].elements.count == 1)
      let bucket = slow["buckets"][0].elements.compactMap(\.number)
      #expect(bucket.count == 3 && bucket[2] == 1)
      #expect(bucket[0] <= 1_000 && bucket[1] > 1_000 && bucket[1] / bucket[0] < 1.0501)
      #expect(points.last?["buckets"].elements.reduce(0) { $0 + $1[2].integer } == 9)
      #expect(answer["as_of"]["behind"] == 0)
    }
  }

  @Test func percentilesAreThoseAskedForInTheirOrder() async throws {
    try await with { service, tenant in
      let asked = try await service.get("\(tenant.path)/latency?percentile=100,0,99.9,50.0", key: tenant.key)
      #expect(asked["percentiles"].elements.map { $0["percentile"] } == [100, 0, 99.9, 50])
      let times = asked["percentiles"].elements.compactMap { $0["response_time_ms"].number }
      for (found, exact) in zip(times, [1_000, 10, 1_000, 50.0]) { #expect(abs(found - exact) <= exact * 0.025) }
      let usual = try await service.get("\(tenant.path)/latency", key: tenant.key)
      #expect(usual["percentiles"].elements.map { $0["percentile"] } == [50, 95, 99])
      let summary = try await service.get("\(tenant.path)/summary", key: tenant.key)
      #expect(usual["percentiles"][1]["response_time_ms"] == summary["p95_response_time_ms"])
    }
  }

  @Test func apdexIsToldWhereItIsAskedFor() async throws {
    try await with { service, tenant in
      let path = "\(tenant.path)/latency"
      #expect(try await service.get(path, key: tenant.key)["apdex"] == .null)
      let apdex = try await service.get("\(path)?apdex_ms=25.5", key: tenant.key)["apdex"]
      #expect(apdex["threshold_ms"] == 25.5)
      // 10 and 20; 30 to 100; 1,000, which is an error: its time alone counts.
      #expect([apdex["satisfied"], apdex["tolerating"], apdex["frustrated"]] == [2, 7, 1])
      #expect(apdex["score"] == 0.55)
      let later = "from=\(service.clock.time(86_400))&to=\(service.clock.time(2 * 86_400))"
      let nothing = try await service.get("\(path)?apdex_ms=100&\(later)", key: tenant.key)
      #expect(nothing["apdex"]["score"] == .null && nothing["percentiles"][0]["response_time_ms"] == .null)
    }
  }

  @Test func whatWillNotDoIsNamed() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      try await service.catchUp()
      let many = Array(repeating: "50", count: 33).joined(separator: ",")
      let wrong: [(query: String, field: String)] = [
        ("percentile=101", "percentile"), ("percentile=100.001", "percentile"), ("percentile=50,", "percentile"),
        ("percentile=p99", "percentile"), ("percentile=0.0001", "percentile"), ("percentile=-1", "percentile"),
        ("percentile=\(many)", "percentile"), ("percentile=%00", "percentile"),
        ("apdex_ms=0", "apdex_ms"), ("apdex_ms=0.009999", "apdex_ms"), ("apdex_ms=3600001", "apdex_ms"),
        ("apdex_ms=-1", "apdex_ms"), ("apdex_ms=1e3", "apdex_ms"), ("apdex_ms=1.0000001", "apdex_ms"),
        ("interval=year", "interval"), ("interval=minute", "interval"), ("time_zone=Mars/Olympus", "time_zone"),
        ("interval=day&from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "interval"), ("mode=dead", "mode"),
        ("from=yesterday", "from"), ("percentiles=50", "percentiles"),
      ]
      for (query, field) in wrong {
        let answer = try await service.get("\(tenant.path)/latency?\(query)", key: tenant.key)
        answer.expectProblem("invalid-parameter", status: 400, "\(query)")
        #expect(answer["field"].string == field, "\(query)")
        #expect(answer["allowed"].string?.isEmpty == false, "\(query)")
      }
      let most = "interval=hour&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z"
      #expect(try await service.get("\(tenant.path)/latency?\(most)", key: tenant.key).status == 200)
    }
  }
}
