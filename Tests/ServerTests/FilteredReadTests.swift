import Foundation
import HTTPTypes
import TestDatabase
import Testing

/// Filters and comparisons, as they are asked and answered.
@Suite struct FilteredReadTests {
  /// Of today, which is at noon: six quick calls of a consumer, three failed ones of another. Of a week ago: one of the first.
  private func with(_ body: @Sendable (Service, Service.Tenant) async throws -> Void) async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let quick = (1...6).map { number in
        EventText(service.clock, after: -60).with("endpoint", "\"/v2/\(number)/servers\"")
          .with("response_time_ms", "\(number)0").with("consumer", "\"shop\"").with("release", "\"2.0\"")
      }
      let failed = (7...9).map { _ in
        EventText(service.clock, after: -3_600).with("endpoint", "\"/v2/orders\"").with("method", "\"POST\"")
          .with("status_code", "503").with("response_time_ms", "100").with("consumer", "\"bot\"")
      }
      let old = EventText(service.clock, after: -7 * 86_400 - 60).with("endpoint", "\"/v2/1/servers\"")
        .with("response_time_ms", "5").with("consumer", "\"shop\"")
      let answer = try await service.track((quick + failed + [old]).call(), key: tenant.key)
      #expect(answer.counts == Counts(accepted: 10))
      try await service.catchUp()
      try await body(service, tenant)
    }
  }

  private func today(_ service: Service) -> String {
    "from=\(service.clock.time(-43_200))&to=\(service.clock.time(43_200))"
  }

  @Test func everyQuestionAboutTrafficIsFiltered() async throws {
    try await with { service, tenant in
      let filters = [
        ("", 9), ("status=5xx", 3), ("status=503,ok", 9), ("method=post", 3), ("consumer=shop", 6), ("release=2.0", 6),
        ("template=/v2/%7Bid%7D/servers&method=GET", 6), ("path=/v2/1/servers", 1), ("endpoint=/v2/orders", 3),
        ("min_ms=50", 5), ("min_ms=50&max_ms=60", 2), ("consumer=shop&status=5xx", 0), ("key_id=\(UUID())", 0),
      ]
      for (filter, calls) in filters {
        let query = "?\(today(service))&\(filter)"
        let summary = try await service.get("\(tenant.path)/summary\(query)", key: tenant.key)
        #expect(summary["total_calls"] == .number(Double(calls)), "\(filter)")
        #expect(summary["top_endpoints"].elements.map { $0["total_calls"].integer }.reduce(0, +) == calls, "\(filter)")
        let series = try await service.get("\(tenant.path)/timeseries\(query)&interval=hour", key: tenant.key)
        #expect(series["points"].elements.count == 24)
        #expect(series["points"].elements.map { $0["total_calls"].integer }.reduce(0, +) == calls, "\(filter)")
        for (route, list) in [
          ("endpoints", "endpoints"), ("endpoints?group=path", "endpoints"), ("traffic-by-key", "entries"),
        ] {
          let path = "\(tenant.path)/\(route)\(route.contains("?") ? "&" : "?")\(query.dropFirst())"
          let answer = try await service.get(path, key: tenant.key)
          #expect(answer[list].elements.map { $0["total_calls"].integer }.reduce(0, +) == calls, "\(route) \(filter)")
          for whole in [summary, series, answer] {
            #expect(whole["is_complete"] == .bool(true) && whole["stopped_by"] == .null)
            #expect(whole["counted_from"] == whole["from"])
            #expect(whole["comparison"] == .null, "none was asked for")
          }
        }
      }
      let bots = try await service.get("\(tenant.path)/consumers?status=5xx", key: tenant.key)["entries"].elements
      #expect(bots.map { $0["consumer"] } == ["bot"])
      let releases = try await service.get("\(tenant.path)/releases?method=GET", key: tenant.key)["entries"].elements
      #expect(releases.map { $0["release"] } == ["2.0"] && releases.map { $0["total_calls"] } == [6])
    }
  }

  @Test func anAnswerComparesTwoSpans() async throws {
    try await with { service, tenant in
      let query = "?\(today(service))&compare=weekday&time_zone=UTC"
      for filter in ["", "&status=ok,5xx"] {
        let summary = try await service.get("\(tenant.path)/summary\(query)\(filter)", key: tenant.key)
        #expect(summary["total_calls"] == 9)
        #expect(summary["comparison"]["total_calls"] == 1)
        #expect(summary["comparison"]["max_response_time_ms"] == 5)
        #expect(summary["comparison"]["from"] == .string(service.clock.time(-43_200 - 7 * 86_400)))
        #expect(summary["comparison"]["to"] == .string(service.clock.time(43_200 - 7 * 86_400)))
        #expect(summary["comparison"]["is_complete"] == .bool(true))
        let top = summary["top_endpoints"].elements
        #expect(top.map { $0["comparison"]["total_calls"] } == [1, 0])
        let series = try await service.get(
          "\(tenant.path)/timeseries\(query)\(filter)&interval=hour", key: tenant.key)
        let others = series["comparison"]["points"].elements
        #expect(others.map { $0["against"] } == series["points"].elements.map { $0["time"] })
        #expect(others.map { $0["total_calls"].integer }.reduce(0, +) == 1)
        let consumers = try await service.get("\(tenant.path)/consumers\(query)\(filter)", key: tenant.key)
        let entries = consumers["entries"].elements
        #expect(entries.map { $0["consumer"] } == ["shop", "bot"])
        #expect(entries.map { $0["comparison"]["total_calls"] } == [1, 0])
        #expect(consumers["comparison"]["from"] == summary["comparison"]["from"])
        let paths = try await service.get("\(tenant.path)/endpoints\(query)\(filter)&group=path", key: tenant.key)
        let one = paths["endpoints"].elements.first { $0["path"] == "/v2/1/servers" }
        #expect(one?["comparison"] == ["total_calls": 1])
      }
      let day = "compare_from=\(service.clock.time(-8 * 86_400))&compare_to=\(service.clock.time(-6 * 86_400))"
      for filter in ["", "&consumer=shop"] {
        let summary = try await service.get("\(tenant.path)/summary?\(today(service))&\(day)\(filter)", key: tenant.key)
        #expect(summary["comparison"]["total_calls"] == 1, "\(filter)")
      }
    }
  }
}
