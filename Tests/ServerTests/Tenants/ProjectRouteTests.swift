import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

/// Projects over the API.
@Suite struct ProjectRouteTests {
  @Test func aProjectIsCreatedShownRenamedAndListed() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let created = try await service.send(.post, "\(tenant.account)/projects", as: owner, #"{"name": "store"}"#)
      #expect(created.status == 201)
      let path = try #require(created.header("Location"))
      let shown = try await service.see(path, as: owner)
      #expect(shown["name"] == "store")
      #expect(shown["account_id"] == .string(tenant.accountID.uuidString.lowercased()))
      #expect(shown["archived_at"] == .null)
      #expect(try await service.send(.patch, path, as: owner, #"{"name": "shop 2"}"#)["name"] == "shop 2")
      #expect(try await service.see(path, as: owner)["name"] == "shop 2")
      let first = try await service.send(.get, "\(tenant.account)/projects?limit=1", as: owner)
      let cursor = try #require(first["next_cursor"].string)
      let second = try await service.send(.get, "\(tenant.account)/projects?limit=1&cursor=\(cursor)", as: owner)
      #expect([first, second].map { $0["projects"][0]["name"] } == ["shop 2", "shop"])
      #expect(second["next_cursor"] == .null)
      let account = try await service.send(.get, tenant.account, as: owner)
      #expect(account["projects"] == 2)
      #expect(account["project_limit"] == 5)
    }
  }

  @Test func theTierSaysHowManyAndArchivingFreesAPlace() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner(.free)
      let full = try await service.send(.post, "\(tenant.account)/projects", as: owner, #"{"name": "second"}"#)
      full.expectProblem("project-limit-reached", status: 403)
      #expect(full["tier"] == "free")
      #expect(full["limit"] == 1)
      #expect(full["detail"].string?.contains("free") == true)
      #expect(try await service.send(.post, "\(tenant.path)/archive", as: owner)["archived"] == .bool(true))
      #expect(try await service.send(.post, "\(tenant.path)/archive", as: owner).status == 200, "twice is as once")
      let second = try await service.send(.post, "\(tenant.account)/projects", as: owner, #"{"name": "second"}"#)
      #expect(second.status == 201)
      let archived = try await service.see("\(tenant.account)/projects?archived=true", as: owner)
      #expect(archived["projects"].elements.map { $0["name"] } == ["shop"])
      try await service.send(.patch, tenant.path, as: owner, #"{"name": "x"}"#)
        .expectProblem("project-archived", status: 403)
    }
  }

  @Test func ofTwoCreatedAtOnceOnTheLastPlaceExactlyOneIs() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner(.free)
      _ = try await service.send(.post, "\(tenant.path)/archive", as: owner)
      let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
        for name in ["a", "b", "c", "d"] {
          group.addTask {
            try await service.send(.post, "\(tenant.account)/projects", as: owner, #"{"name": "\#(name)"}"#)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.count { $0.status == 201 } == 1)
      for answer in answers where answer.status != 201 {
        answer.expectProblem("project-limit-reached", status: 403)
      }
      let account = try await service.test.log.load(Account.self, from: service.stream(of: tenant)).state
      #expect(account.projects.count == 1)
    }
  }

  @Test func anArchivedProjectTracksNoMoreButItsNumbersStay() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      #expect(try await service.track(EventText(service.clock).text, key: tenant.key).status == 202)
      _ = try await service.send(.post, "\(tenant.path)/archive", as: owner)
      try await service.catchUp()
      try await service.track(EventText(service.clock).text, key: tenant.key)
        .expectProblem("project-archived", status: 403)
      #expect(try await service.get("\(tenant.path)/summary", key: tenant.key)["total_calls"] == 1)
      #expect(try await service.send(.get, "\(tenant.path)/summary", as: owner)["total_calls"] == 1)
    }
  }

  @Test func outOfTheArchiveItsKeysTrackAgain() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      _ = try await service.send(.post, "\(tenant.path)/archive", as: owner)
      try await service.catchUp()
      try await service.track(EventText(service.clock).text, key: tenant.key)
        .expectProblem("project-archived", status: 403)
      let back = try await service.send(.post, "\(tenant.path)/unarchive", as: owner)
      #expect(back.status == 200 && back["archived"] == .bool(false))
      #expect(try await service.track(EventText(service.clock).text, key: tenant.key).counts == Counts(accepted: 1))
      let before = try await service.number("SELECT count(*) AS n FROM log.events")
      let twice = try await service.send(.post, "\(tenant.path)/unarchive", as: owner)
      #expect(twice.status == 200 && twice["archived"] == .bool(false))
      #expect(try await service.number("SELECT count(*) AS n FROM log.events") == before, "twice changes nothing")
      let shown = try await service.see(tenant.path, as: owner)
      #expect(shown["archived_at"] == .null && shown["name"] == "shop")
      #expect(try await service.send(.patch, tenant.path, as: owner, #"{"name": "shop 2"}"#).status == 200)
    }
  }

  @Test func unarchivingTakesAPlaceOfTheTierAndNeedsOne() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner(.free)
      _ = try await service.send(.post, "\(tenant.path)/archive", as: owner)
      let second = try await service.send(.post, "\(tenant.account)/projects", as: owner, #"{"name": "second"}"#)
      let other = try #require(second.header("Location"))
      try await service.send(.post, "\(tenant.path)/unarchive", as: owner)
        .expectProblem("project-limit-reached", status: 403)
      try await service.catchUp()
      try await service.track(EventText(service.clock).text, key: tenant.key)
        .expectProblem("project-archived", status: 403)
      _ = try await service.send(.post, "\(other)/archive", as: owner)
      #expect(try await service.send(.post, "\(tenant.path)/unarchive", as: owner).status == 200)
      try await service.send(.post, "\(other)/unarchive", as: owner).expectProblem("project-limit-reached", status: 403)
    }
  }

  @Test func aRetryUnderItsIdempotencyKeyCreatesNothingMore() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let body = #"{"name": "store"}"#
      let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
        for _ in 0..<4 {
          group.addTask {
            try await service.send(.post, "\(tenant.account)/projects", as: owner, body, idempotencyKey: "once")
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.map(\.status) == [201, 201, 201, 201])
      #expect(Set(answers.compactMap { $0["project_id"].string }).count == 1)
      try await service.send(
        .post, "\(tenant.account)/projects", as: owner, #"{"name": "other"}"#, idempotencyKey: "once"
      ).expectProblem("idempotency-conflict", status: 409)
      let account = try await service.test.log.load(Account.self, from: service.stream(of: tenant)).state
      #expect(account.projects.count == 2)
      let wrong = try await service.send(
        .post, "\(tenant.account)/projects", as: owner, body, idempotencyKey: String(repeating: "x", count: 256))
      wrong.expectProblem("invalid-parameter", status: 400)
      #expect(wrong["field"] == "Idempotency-Key")
    }
  }

  @Test func whatWillNotDoIsNamed() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let wrong = [
        "{}", #"{"name": null}"#, #"{"name": 1}"#, #"{"name": ""}"#, #"{"name": " "}"#, #"{"name": "a\u0000"}"#,
        #"{"name": "a\nb"}"#, "{\"name\": \"\(String(repeating: "x", count: 101))\"}",
      ]
      for body in wrong {
        let answer = try await service.send(.post, "\(tenant.account)/projects", as: owner, body)
        answer.expectProblem("invalid-parameter", status: 400, "\(body)")
        #expect(answer["field"] == "name", "\(body)")
      }
      let unknown = try await service.send(.post, "\(tenant.account)/projects", as: owner, #"{"nam": "x"}"#)
      unknown.expectProblem("invalid-parameter", status: 400)
      #expect(unknown["field"] == "nam")
      for body in ["[]", "x", "\"x\"", "\u{FF}{"] {
        try await service.send(.post, "\(tenant.account)/projects", as: owner, body)
          .expectProblem("malformed-body", status: 400, "\(body)")
      }
      let large = "{\"name\": \"\(String(repeating: "x", count: 70_000))\"}"
      try await service.send(.post, "\(tenant.account)/projects", as: owner, large)
        .expectProblem("body-too-large", status: 413)
    }
  }

  @Test func anothersProjectLooksLikeNone() async throws {
    try await Service.with { service in
      let (tenant, _) = try await service.openWithOwner()
      let stranger = try await service.openWithOwner().owner
      let missing = Service.Tenant(accountID: UUID(), projectID: UUID(), key: "")
      for project in [tenant, missing] {
        for (method, path) in [
          (.get, ""), (.patch, ""), (.post, "/archive"), (.post, "/unarchive"), (.get, "/keys"), (.post, "/keys"),
          (.get, "/summary"),
          (.get, "/usage"),
        ] as [(HTTPRequest.Method, String)] {
          let body = method == .get ? nil : #"{"name": "x"}"#
          try await service.send(method, project.path + path, as: stranger, body)
            .expectProblem("project-not-found", status: 404, "\(method) \(path)")
        }
        try await service.send(.get, project.account, as: stranger).expectProblem("account-not-found", status: 404)
        try await service.send(.post, "\(project.account)/projects", as: stranger, #"{"name": "x"}"#)
          .expectProblem("account-not-found", status: 404)
      }
    }
  }
}
