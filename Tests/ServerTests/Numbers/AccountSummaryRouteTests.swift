import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

/// What all projects of an account came to, over the API.
@Suite struct AccountSummaryRouteTests {
  @Test func allProjectsAddUpAndTheOneMostCalledComesFirst() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let created = try await service.send(.post, "\(tenant.account)/projects", as: owner, #"{"name": "store"}"#)
      let second = try #require(created["project_id"].string.flatMap(UUID.init(uuidString:)))
      try await service.catchUp()
      let other = Service.Tenant(accountID: tenant.accountID, projectID: second, key: "")
      let key = try await service.issue(for: other).key
      let slow = EventText(service.clock).with("status_code", "500").with("response_time_ms", "1000")
      #expect(try await service.track(slow.text, key: tenant.key).status == 202)
      let events = [EventText](repeating: EventText(service.clock), count: 3)
      #expect(try await service.track(events.call(), key: key).counts == Counts(accepted: 3))
      try await service.catchUp()

      let summary = try await service.send(.get, "\(tenant.account)/summary", as: owner)
      #expect(summary.status == 200)
      #expect(summary["account_id"] == .string(tenant.accountID.uuidString.lowercased()))
      #expect([summary["mode"], summary["total_calls"], summary["errors_5xx"]] == ["live", 4, 1])
      #expect(summary["error_rate_5xx"] == 0.25 && summary["max_response_time_ms"] == 1000)
      let projects = summary["projects"].elements
      #expect(
        projects.map { [$0["name"], $0["total_calls"], $0["archived"]] } == [
          ["store", 3, .bool(false)], ["shop", 1, .bool(false)],
        ])
      for (project, path) in zip(projects, [other.path, tenant.path]) {
        let alone = try await service.send(.get, "\(path)/summary", as: owner)
        for name in ["from", "to", "detail_from", "total_calls", "p95_response_time_ms", "average_response_time_ms"] {
          #expect(project[name] == alone[name], "\(name)")
        }
      }
      #expect(summary["as_of"]["behind"] == 0)
      let rehearsed = try await service.send(.get, "\(tenant.account)/summary?mode=test", as: owner)
      #expect([rehearsed["total_calls"], rehearsed["p50_response_time_ms"]] == [0, .null])
      #expect(rehearsed["projects"].elements.count == 2)
    }
  }

  @Test func toAnotherAccountsMemberItIsAsIfThereWereNoSuchAccount() async throws {
    try await Service.with { service in
      let (tenant, _) = try await service.openWithOwner()
      let (_, stranger) = try await service.openWithOwner()
      try await service.catchUp()
      let foreign = try await service.send(.get, "\(tenant.account)/summary", as: stranger)
      let nobodys = try await service.send(.get, "/api/v1/accounts/\(UUID().uuidString)/summary", as: stranger)
      for answer in [foreign, nobodys] { answer.expectProblem("account-not-found", status: 404) }
      #expect(foreign["title"] == nobodys["title"])
      let byKey = try await service.get("\(tenant.account)/summary", key: tenant.key)
      byKey.expectProblem("invalid-token", status: 401)
    }
  }

  @Test func whatWillNotDoIsNamed() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      try await service.catchUp()
      for (query, field) in [
        ("mode=dead", "mode"), ("from=yesterday", "from"), ("to=2026-02-30T00:00:00Z", "to"), ("limit=1", "limit"),
        ("from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z", "from"),
      ] {
        let answer = try await service.send(.get, "\(tenant.account)/summary?\(query)", as: owner)
        answer.expectProblem("invalid-parameter", status: 400, "\(query)")
        #expect(answer["field"].string == field, "\(query)")
      }
      let ends = "from=1970-01-01T00:00:00Z&to=9999-12-31T23:59:59Z"
      #expect(try await service.send(.get, "\(tenant.account)/summary?\(ends)", as: owner).status == 200)
    }
  }
}
