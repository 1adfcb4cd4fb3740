import CoreMetrics
import Foundation
import MetricsTestKit
import Testing

@testable import Server

/// What an operator's dashboard is drawn from.
@Suite struct MetricsTests {
  @Test func aRequestIsCountedAndTimedByItsRoutesTemplateAndNeverByItsPath() async throws {
    let metrics = TestMetrics()
    try await withMetricsFactory(metrics) {
      try await Service.with { service in
        for _ in 0..<3 { _ = try await service.get("/api/v1/accounts/\(UUID())/projects") }
        _ = try await service.get("/openapi.json")
        _ = try await service.get("/nowhere/\(UUID())")
      }
    }
    var counted: [String: Int64] = [:]
    for counter in metrics.counters(label: "hb.requests") {
      let dimensions = Dictionary(uniqueKeysWithValues: counter.dimensions)
      counted["\(dimensions["http.route"] ?? "") \(dimensions["http.response.status_code"] ?? "")"] = counter.totalValue
    }
    #expect(
      counted == [
        "/api/v1/accounts/{account_id}/projects 401": 3, "/openapi.json 200": 1, "NotFound 404": 1,
      ])
    let timed = metrics.timers(label: "http.server.request.duration")
    #expect(timed.count == counted.count && timed.reduce(0) { $0 + $1.values.count } == 5)
  }

  @Test func theFastWayInIsNotSlowedByIt() async throws {
    let metrics = TestMetrics()
    try await withMetricsFactory(metrics) {
      try await Service.with { service in
        let tenant = try await service.open()
        #expect(try await service.track(EventText(service.clock).text, key: tenant.key).status == 202)
      }
    }
    #expect(metrics.counters.isEmpty && metrics.timers.isEmpty)
  }
}
