import Foundation
import TestDatabase
import Testing

/// Endpoints before and after a release, over the API.
@Suite struct ReleaseRouteTests {
  @Test func eachEndpointIsToldBeforeAndAfter() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      func call(_ seconds: Double, _ path: String, _ status: String, _ release: String) -> EventText {
        EventText(service.clock, after: seconds).with("endpoint", "\"\(path)\"").with("status_code", status)
          .with("release", "\"\(release)\"")
      }
      let events = [
        call(-7_200, "/a", "200", "1.0"), call(-7_000, "/a", "200", "1.0"), call(-60, "/a", "500", "1/1 β"),
        call(-60, "/a", "200", "1.0"), call(-7_200, "/b", "200", "1.0"), call(-90_000, "/c", "200", "1.0"),
      ]
      #expect(try await service.track(events.call(), key: tenant.key).counts == Counts(accepted: 6))
      try await service.catchUp()
      let path = "\(tenant.path)/release-endpoints?release=1/1%20%CE%B2"
      let answer = try await service.get(path, key: tenant.key)
      #expect(answer.status == 200)
      #expect(answer["release"] == "1/1 β" && answer["mode"] == "live")
      #expect(answer["first_seen"] == .string(service.clock.time(-900)))
      #expect(answer["from"] == .string(service.clock.time(-900 - 86_400)))
      #expect(answer["to"] == .string(service.clock.time(-900 + 86_400)))
      let endpoints = answer["endpoints"].elements
      #expect(endpoints.map { $0["template"] } == ["/a", "/b"], "/c was not called within a day")
      let entry = try #require(endpoints.first)
      #expect([entry["before"]["total_calls"], entry["before"]["errors_5xx"]] == [2, 0])
      #expect([entry["after"]["total_calls"], entry["after"]["errors_5xx"]] == [2, 1])
      #expect(entry["after"]["error_rate_5xx"] == 0.5 && endpoints[1]["after"]["total_calls"] == 0)

      let wide = try await service.get("\(path)&window_hours=48&limit=1", key: tenant.key)
      let cursor = try #require(wide["next_cursor"].string)
      let rest = try await service.get("\(path)&window_hours=48&cursor=\(cursor)", key: tenant.key)
      #expect(Set(rest["endpoints"].elements.map { $0["template"].string }) == ["/b", "/c"])
      #expect(rest["next_cursor"] == .null)
      let narrow = try await service.get("\(path)&window_hours=1", key: tenant.key)
      #expect(narrow["endpoints"].elements.map { $0["before"]["total_calls"] } == [0])
    }
  }

  @Test func aReleaseThatNoRequestNamesIsNotFoundAndWhatWillNotDoIsNamed() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      try await service.catchUp()
      let path = "\(tenant.path)/release-endpoints"
      try await service.get("\(path)?release=9", key: tenant.key).expectProblem("release-not-found", status: 404)
      for (query, field) in [
        ("", "release"), ("release=", "release"), ("release=%00", "release"),
        ("release=1&window_hours=0", "window_hours"),
        ("release=1&window_hours=337", "window_hours"), ("release=1&window_hours=1.5", "window_hours"),
        ("release=1&window_hours=x", "window_hours"), ("release=1&limit=0", "limit"), ("release=1&cursor=x", "cursor"),
        ("release=1&from=2026-11-24T00:00:00Z", "from"), ("release=1&mode=dead", "mode"),
      ] {
        let answer = try await service.get("\(path)?\(query)", key: tenant.key)
        answer.expectProblem("invalid-parameter", status: 400, "\(query)")
        #expect(answer["field"].string == field, "\(query)")
      }
    }
  }
}
