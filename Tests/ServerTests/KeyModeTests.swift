import Domain
import Foundation
import TestDatabase
import Testing

/// A key reads the events of its own mode, and nothing of the others.
@Suite struct KeyModeTests {
  @Test func aKeyReadsItsOwnModeAlone() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let test = try await service.issue(for: tenant, mode: .test)
      let event = EventText(service.clock).text
      for _ in 0..<3 { #expect(try await service.track(event, key: tenant.key).status == 202) }
      #expect(try await service.track(event, key: test.key).status == 202)
      try await service.catchUp()
      for (key, own, other, calls) in [(test.key, "test", "live", 1), (tenant.key, "live", "test", 3)] {
        for route in ["summary", "timeseries", "endpoints", "endpoints?group=path", "requests", "intake"] {
          let path = "\(tenant.path)/\(route)\(route.contains("?") ? "&" : "?")mode="
          #expect(try await service.get(path + own, key: key).status == 200, "\(route)")
          let answer = try await service.get(path + other, key: key)
          answer.expectProblem("missing-scope", status: 403, "\(route)")
          #expect(answer["key_mode"] == .string(own))
        }
        #expect(try await service.get("\(tenant.path)/summary", key: key)["total_calls"] == .number(Double(calls)))
        let usage = try await service.get("\(tenant.path)/usage", key: key)
        #expect(usage[own]["used"] == .number(Double(calls)))
        #expect(usage[other] == .null)
        #expect(usage["keys"].elements.allSatisfy { $0["mode"] == .string(own) })
      }
      for path in ["/api/v1/usage", "/api/v1/usage?account_id=\(tenant.accountID)"] {
        let (live, test) = (try await service.get(path, key: tenant.key), try await service.get(path, key: test.key))
        #expect([live["used"], live["test"]] == [3, .null])
        #expect([test["used"], test["test"]["used"]] == [.null, 1])
      }
      let path = "\(tenant.path)/keys/\(test.id)/usage"
      #expect(try await service.get(path, key: test.key).status == 200)
      try await service.get(path, key: tenant.key).expectProblem("missing-scope", status: 403)
    }
  }
}
