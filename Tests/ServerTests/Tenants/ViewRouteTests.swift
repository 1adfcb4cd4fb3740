import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

/// Saved views over the API.
@Suite struct ViewRouteTests {
  private func body(_ name: String, _ query: String) -> String {
    "{\"name\": \(JSONValue.string(name).text), \"query\": \(JSONValue.string(query).text)}"
  }

  @Test func aViewIsSavedReplacedListedAndRemoved() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let views = "\(tenant.path)/views"
      let saved = try await service.send(
        .post, views, as: owner, body("errors", "?status=5xx&period=30d&cursor=abc&mode=live&interval=day"))
      #expect(saved.status == 201 && saved["query"] == "period=30d&status=5xx&interval=day")
      let project = tenant.projectID.uuidString.lowercased()
      #expect(saved["page"] == .string("/projects/\(project)?period=30d&status=5xx&interval=day"))
      _ = try await service.send(.post, views, as: owner, body("all", ""))
      let other = try await service.send(.post, views, as: owner, body("errors", "consumer=my+shop"))
      #expect(other["query"] == "consumer=my%20shop" && other["view_id"] != saved["view_id"])

      let listed = try await service.see(views, as: owner)["views"].elements
      #expect(listed.map { $0["name"] } == ["all", "errors"])
      #expect(listed.map { $0["query"] } == ["", "consumer=my%20shop"])
      #expect(listed[1]["saved_by"] == .string(owner.id.uuidString.lowercased()))
      let view = try #require(other["view_id"].string)
      for _ in 0..<2 {
        let removed = try await service.send(.delete, "\(views)/\(view)", as: owner)
        #expect(removed.status == 200 && removed["removed"] == .bool(true), "twice is as once")
      }
      #expect(try await service.see(views, as: owner)["views"].elements.map { $0["name"] } == ["all"])
      try await service.send(.delete, "\(views)/\(UUID())", as: owner).expectProblem("view-not-found", status: 404)
      try await service.expectReplayIsClean()
    }
  }

  @Test func aSecondPOSTOfTheSameKeySavesNothingAndAnotherIsAConflict() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let (views, key) = ("\(tenant.path)/views", UUID().uuidString)
      let one = try await service.send(.post, views, as: owner, body("v", "status=5xx"), idempotencyKey: key)
      let two = try await service.send(.post, views, as: owner, body("v", "status=5xx"), idempotencyKey: key)
      #expect(one["view_id"] == two["view_id"] && two.status == 201)
      #expect(try await service.events("view_saved") == 1)
      try await service.send(.post, views, as: owner, body("v", "status=4xx"), idempotencyKey: key)
        .expectProblem("idempotency-conflict", status: 409)
    }
  }

  private static let noViews: [String] = [
    "stauts=5xx", "status=600", "period=year", "from=2026-11-01T00:00:00Z", "from=b&to=a", "time_zone=Europe/Nowhere",
    "interval=minute&period=30d", "min_ms=9&max_ms=1", "key_id=x", "mode=both", "compare=never", "status=5xx#top",
    "consumer=a b", "consumer=é", "format=csv", "https://example.com/?a=b", "consumer=%00",
    "consumer=" + String(repeating: "x", count: 2_000),
  ]

  @Test func whatNoPageIsAskedWithIsNoView() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      for query in Self.noViews {
        let answer = try await service.send(.post, "\(tenant.path)/views", as: owner, body("v", query))
        answer.expectProblem("invalid-parameter", status: 400, "\(query)")
        #expect(answer["field"] == "query", "\(answer.text)")
      }
      #expect(try await service.events("view_saved") == 0)
    }
  }

  @Test func whoeverMayReadSeesThemAndWhoeverWorksOnTheProjectChangesThem() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let views = "\(tenant.path)/views"
      for role in [Account.Role.admin, .member] {
        let person = try await service.join(tenant, as: role)
        #expect(try await service.send(.post, views, as: person, body(role.rawValue, "")).status == 201)
      }
      let reader = try await service.join(tenant, as: .readOnly)
      let listed = try await service.see(views, as: reader)
      #expect(listed["views"].elements.count == 2)
      try await service.send(.post, views, as: reader, body("x", "")).expectProblem("forbidden", status: 403)
      let view = try #require(listed["views"][0]["view_id"].string)
      try await service.send(.delete, "\(views)/\(view)", as: reader).expectProblem("forbidden", status: 403)
      let stranger = try await service.person()
      for method in [HTTPRequest.Method.get, .post] {
        try await service.send(method, views, as: stranger, method == .post ? body("x", "") : nil)
          .expectProblem("project-not-found", status: 404)
      }
      _ = try await service.send(.post, "\(tenant.path)/archive", as: owner)
      try await service.send(.post, views, as: owner, body("x", "")).expectProblem("project-archived", status: 403)
      try await service.send(.delete, "\(views)/\(view)", as: owner).expectProblem("project-archived", status: 403)
      #expect(try await service.see(views, as: reader)["views"].elements.count == 2)
    }
  }

  @Test func aHundredAreTheMost() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      for index in 0..<Project.maximumViews {
        let answer = try await service.send(.post, "\(tenant.path)/views", as: owner, body("v\(index)", ""))
        #expect(answer.status == 201)
      }
      let answer = try await service.send(.post, "\(tenant.path)/views", as: owner, body("one more", ""))
      answer.expectProblem("limit-reached", status: 403)
      #expect(answer["limit"] == 100)
    }
  }
}
