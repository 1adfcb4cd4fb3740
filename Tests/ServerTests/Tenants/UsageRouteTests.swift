import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

/// Who reads the numbers, and those of each key.
@Suite struct UsageRouteTests {
  @Test func aMemberReadsWhatAKeyReads() async throws {
    try await Service.with { service in
      let (tenant, _) = try await service.openWithOwner()
      let reader = try await service.join(tenant, as: .readOnly)
      #expect(try await service.track(EventText(service.clock).text, key: tenant.key).status == 202)
      try await service.catchUp()
      for route in ["summary", "timeseries", "endpoints", "requests", "intake", "usage"] {
        let (byKey, byMember) = (
          try await service.get("\(tenant.path)/\(route)", key: tenant.key),
          try await service.send(.get, "\(tenant.path)/\(route)", as: reader)
        )
        #expect(byMember.status == 200, "\(route)")
        // Of a project's usage a key sees its own mode, and a member both.
        let sees = route == "usage" ? byMember.json["live"] : byMember.json
        #expect(sees == (route == "usage" ? byKey.json["live"] : byKey.json), "\(route)")
      }
      let account = tenant.accountID.uuidString.lowercased()
      let usage = try await service.send(.get, "/api/v1/usage?account_id=\(account)", as: reader)
      #expect(usage["used"] == 1)
      #expect(usage["test"]["used"] == 0)
      let byKey = try await service.get("/api/v1/usage?account_id=\(account)", key: tenant.key)
      #expect(byKey.json == usage.json.without("test"), "a key sees its own mode")
      let unnamed = try await service.send(.get, "/api/v1/usage", as: reader)
      unnamed.expectProblem("invalid-parameter", status: 400)
      #expect(unnamed["field"] == "account_id")
      let other = try await service.open()
      let path = "/api/v1/usage?account_id=\(other.accountID.uuidString)"
      try await service.send(.get, path, as: reader).expectProblem("account-not-found", status: 404)
      try await service.get(path, key: tenant.key).expectProblem("account-not-found", status: 404)
    }
  }

  @Test func eachKeysMonthMakesUpTheProjectsAndTheAccounts() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner(.free)
      let (second, test) = (
        try await service.issue(for: tenant), try await service.issue(for: tenant, mode: .test)
      )
      func send(_ count: Int, _ key: String) async throws {
        let events = (0..<count).map { EventText(service.clock).with("endpoint", "\"/\($0)\"") }
        _ = try await service.track(events.call(), key: key)
      }
      try await send(700, tenant.key)
      try await send(400, second.key)
      try await send(3, test.key)
      let usage = try await service.see("\(tenant.path)/usage", as: owner)
      #expect(usage["live"]["used"] == 1_000)
      #expect(usage["live"]["refused"] == 100)
      #expect(usage["test"]["used"] == 3)
      #expect(usage["keys"].elements.map { $0["used"] } == [700, 300, 3])
      #expect(usage["keys"].elements.map { $0["name"] } == ["first key", "another", "another"])
      let account = try await service.get("/api/v1/usage", key: tenant.key)
      #expect(account["used"] == usage["live"]["used"])
      #expect(account["refused"] == usage["live"]["refused"])
      let path = "\(tenant.path)/keys/\(second.id.uuidString.lowercased())/usage"
      let key = try await service.send(.get, path, as: owner)
      #expect([key["used"], key["refused"], key["mode"]] == [300, 100, "live"])
      #expect(key["last_used_at"].string != nil)
      // Received today by the database's clock, whatever the time of day that this test sets.
      let month = CalendarMonth(of: .now).description
      #expect(key["month"] == .string(month))
      #expect(key["days"].elements.map { $0["received"] } == [400])
      #expect(key["days"].elements.map { $0["accepted"] } == [300])
      #expect(try await service.send(.get, "\(path)?month=2020-01", as: owner)["used"] == 0)
      try await service.send(.get, "\(path)?month=2020-13", as: owner).expectProblem("invalid-parameter", status: 400)
      try await service.send(.get, "\(tenant.path)/keys/\(UUID())/usage", as: owner)
        .expectProblem("key-not-found", status: 404)
    }
  }
}
