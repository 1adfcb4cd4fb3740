import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import Server
import TestDatabase
import Testing

/// Shared links over the API.
@Suite struct LinkRouteTests {
  @Test func aLinkIsShownOnceAndShowsTheNumbers() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let links = "\(tenant.path)/links"
      let shared = try await service.send(
        .post, links, as: owner, #"{"name": "board", "status": "5xx", "mode": "test"}"#)
      #expect(shared.status == 201)
      #expect(shared["in_effect"] == .bool(false), "no projector runs beside this test, and the answer says so")
      #expect(shared["expires_at"].string == service.clock.time(30 * 86_400))
      let url = try #require(shared["url"].string)
      let path = try #require(url.firstMatch(of: /\/shared\/sl_[A-Za-z0-9]{38}$/)).output
      #expect(url == "http://127.0.0.1:8080\(path)")
      try await service.catchUp()
      #expect(try await service.get(String(path)).status == 200)
      let list = try await service.see(links, as: owner)
      let link = list["links"][0]
      #expect(
        [link["name"], link["mode"], link["status"], link["filters"]["status"]] == ["board", "test", "active", "5xx"])
      #expect(link["shared_by"].string == owner.id.uuidString.lowercased() && link["hint"] == shared["hint"])
      let secret = String(path.dropFirst("/shared/".count))
      #expect(!list.text.contains(secret) && !list.text.contains("hash"))
      let logged = try await service.number(
        "SELECT count(*) AS n FROM log.events WHERE type = 'link_shared' AND data::text NOT LIKE '%' || \(secret) || '%'"
      )
      #expect(logged == 1, "the log holds its hash alone")
    }
  }

  @Test func aRevokedLinkShowsNothing() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let shared = try await service.send(
        .post, "\(tenant.path)/links", as: owner, #"{"name": "b", "expires_at": null}"#)
      #expect(shared["expires_at"] == .null)
      try await service.catchUp()
      let page = try #require(shared["url"].string?.dropFirst("http://127.0.0.1:8080".count))
      #expect(try await service.get(String(page)).status == 200)
      let path = try #require(shared.header("Location"))
      #expect(try await service.send(.delete, path, as: owner)["revoked"] == .bool(true))
      #expect(try await service.get(String(page)).status == 404, "at once where it was revoked, no projector running")
      #expect(try await service.send(.delete, path, as: owner).status == 200, "twice is as once")
      #expect(try await service.see("\(tenant.path)/links", as: owner)["links"][0]["status"] == "revoked")
      #expect(try await service.number("SELECT count(*) AS n FROM log.events WHERE type = 'link_revoked'") == 1)
      for id in [UUID().uuidString, "x"] {
        try await service.send(.delete, "\(tenant.path)/links/\(id)", as: owner)
          .expectProblem("link-not-found", status: 404)
      }
    }
  }

  @Test func aRetrySaysThatTheLinkWasShown() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let body = #"{"name": "b"}"#
      let first = try await service.send(.post, "\(tenant.path)/links", as: owner, body, idempotencyKey: "1")
      let again = try await service.send(.post, "\(tenant.path)/links", as: owner, body, idempotencyKey: "1")
      again.expectProblem("link-already-shared", status: 409)
      #expect(again["link_id"] == first["link_id"] && again["url"] == .null)
      #expect(try await service.see("\(tenant.path)/links", as: owner)["links"].elements.count == 1)
    }
  }

  @Test func whatWillNotDoIsNamed() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      for (body, field) in [
        ("{}", "name"), (#"{"name": " "}"#, "name"), (#"{"name": "b", "mode": "both"}"#, "mode"),
        (#"{"name": "b", "expires_at": "2020-01-01T00:00:00Z"}"#, "expires_at"),
        (#"{"name": "b", "status": "6xx"}"#, "status"), (#"{"name": "b", "key_id": "k"}"#, "key_id"),
        (#"{"name": "b", "min_ms": "fast"}"#, "min_ms"), (#"{"name": "b", "min_ms": "9", "max_ms": "8"}"#, "min_ms"),
        (#"{"name": "b", "consumer": 1}"#, "consumer"), (#"{"name": "b", "filter": "5xx"}"#, "filter"),
      ] {
        let answer = try await service.send(.post, "\(tenant.path)/links", as: owner, body)
        answer.expectProblem("invalid-parameter", status: 400, "\(body)")
        #expect(answer["field"] == .string(field), "\(body)")
      }
      #expect(try await service.number("SELECT count(*) AS n FROM log.events WHERE type = 'link_shared'") == 0)
    }
  }

  @Test func whoeverWorksWithKeysMayShareAndNobodyElse() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let path = "\(tenant.path)/links"
      let made = try await service.send(.post, path, as: owner, #"{"name": "b"}"#)
      let reader = try await service.join(tenant, as: .readOnly)
      try await service.send(.post, path, as: reader, #"{"name": "b"}"#).expectProblem("forbidden", status: 403)
      try await service.send(.delete, made.header("Location") ?? "", as: reader).expectProblem("forbidden", status: 403)
      #expect(try await service.see(path, as: reader)["links"].elements.count == 1)
      for role in [Account.Role.member, .admin] {
        let member = try await service.join(tenant, as: role)
        let shared = try await service.send(.post, path, as: member, #"{"name": "b"}"#)
        #expect(shared.status == 201)
        #expect(try await service.send(.delete, shared.header("Location") ?? "", as: member).status == 200)
      }
    }
  }

  @Test func theSecurityLogSaysWhoSharedWhatAndNothingOfTheToken() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let shared = try await service.send(.post, "\(tenant.path)/links", as: owner, #"{"name": "board"}"#)
      _ = try await service.send(.delete, shared.header("Location") ?? "", as: owner)
      for kind in ["link_shared", "link_revoked"] {
        let entry = try await service.see("\(tenant.account)/security-log?kind=\(kind)", as: owner)["entries"][0]
        #expect(entry["actor_id"].string == owner.id.uuidString.lowercased())
        #expect(entry["details"]["link_id"] == shared["link_id"] && entry["details"]["hash"] == .null)
      }
    }
  }
}
