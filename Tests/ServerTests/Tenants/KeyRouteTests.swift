import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import Server
import TestDatabase
import Testing

/// Keys over the API.
@Suite struct KeyRouteTests {
  @Test func aKeyIsShownOnceAndWorks() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let issued = try await service.send(
        .post, "\(tenant.path)/keys", as: owner, #"{"name": "web", "mode": "test", "scopes": ["track"]}"#)
      #expect(issued.status == 201)
      #expect(issued["in_effect"] == .bool(false), "no projector runs beside this test, and the answer says so")
      let key = try #require(issued["api_key"].string)
      #expect(key.hasPrefix("sk_test_"))
      try await service.catchUp()
      #expect(try await service.track(EventText(service.clock).text, key: key).status == 202)
      let shown = try await service.see(try #require(issued.header("Location")), as: owner)
      #expect(shown["api_key"] == .null)
      #expect(shown["hint"] == issued["hint"])
      #expect([shown["name"], shown["mode"], shown["status"]] == ["web", "test", "active"])
      #expect(shown["last_used_at"].string?.hasSuffix(":00.000Z") == true, "to the minute")
      let list = try await service.send(.get, "\(tenant.path)/keys", as: owner)
      #expect(list["keys"].elements.map { $0["name"] } == ["web", "first key"])
      #expect(list["keys"][1]["last_used_at"] == .null)
    }
  }

  @Test func aKeyThatOnlyReadsIsSeenToBeUsed() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let reading = try await service.issue(for: tenant, scopes: [.read])
      let idle = try await service.issue(for: tenant, scopes: [.read])
      try await service.catchUp()
      for _ in 0..<3 { #expect(try await service.get("\(tenant.path)/summary", key: reading.key).status == 200) }
      // Turned away: that is no use.
      _ = try await service.track(EventText(service.clock).text, key: idle.key)
      #expect(try await service.number("SELECT count(*) AS n FROM log.events WHERE type = 'key_used'") == 0)
      try await service.test.log.writeKeyUses()
      #expect(try await service.number("SELECT count(*) AS n FROM log.events WHERE type = 'key_used'") == 1)
      let shown = try await service.see("\(tenant.path)/keys/\(reading.id.uuidString.lowercased())", as: owner)
      #expect(shown["last_used_at"].string?.hasSuffix(":00.000Z") == true)
      let other = try await service.send(.get, "\(tenant.path)/keys/\(idle.id.uuidString.lowercased())", as: owner)
      #expect(other["last_used_at"] == .null)
    }
  }

  @Test func aRevokedKeyOpensNothing() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let other = try await service.issue(for: tenant)
      #expect(try await service.track(EventText(service.clock).text, key: other.key).status == 202)
      let path = "\(tenant.path)/keys/\(other.id.uuidString.lowercased())"
      #expect(try await service.send(.delete, path, as: owner)["revoked"] == .bool(true))
      #expect(try await service.send(.delete, path, as: owner).status == 200, "twice is as once")
      try await service.catchUp()
      service.clock.advance(seconds: 0.5)
      try await service.track(EventText(service.clock).text, key: other.key).expectProblem("revoked-key", status: 401)
      #expect(try await service.send(.get, path, as: owner)["status"] == "revoked")
      try await service.send(.post, "\(path)/rotate", as: owner).expectProblem("key-ended", status: 409)
    }
  }

  @Test func aRotatedKeyWorksToTheEndOfItsGraceAndNoLonger() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let old = try await service.issue(for: tenant, mode: .test)
      let path = "\(tenant.path)/keys/\(old.id.uuidString.lowercased())"
      let rotated = try await service.send(.post, "\(path)/rotate", as: owner, #"{"grace_seconds": 60}"#)
      #expect(rotated.status == 201)
      #expect(rotated["replaces"]["retires_at"] == .string(service.clock.time(60)))
      let new = try #require(rotated["api_key"].string)
      try await service.catchUp()
      service.clock.advance(seconds: 59.999)
      for key in [old.key, new] {
        #expect(try await service.track(EventText(service.clock).text, key: key).status == 202)
      }
      #expect(try await service.send(.get, path, as: owner)["status"] == "rotated")
      let twice = try await service.send(.post, "\(path)/rotate", as: owner)
      twice.expectProblem("key-ended", status: 409)
      #expect(twice["title"] == "The API key can't be rotated", "it works still")
      service.clock.advance(seconds: 0.001)
      // Without a look-up: to the millisecond, though the key is remembered.
      try await service.track(EventText(service.clock).text, key: old.key).expectProblem("expired-key", status: 401)
      #expect(try await service.track(EventText(service.clock).text, key: new).status == 202)
      let retired = try await service.send(.get, path, as: owner)
      #expect(retired["status"] == "retired")
      #expect(retired["successor_id"] == rotated["key_id"])
      try await service.send(.post, "\(path)/rotate", as: owner).expectProblem("key-ended", status: 409)
    }
  }

  @Test func withoutAWordTheGraceIsADayAndTheExpiryStays() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let expiry = service.clock.time(90 * 86_400)
      func issue() async throws -> String {
        let body = #"{"name": "k", "expires_at": "\#(expiry)"}"#
        let issued = try await service.send(.post, "\(tenant.path)/keys", as: owner, body)
        return "\(tenant.path)/keys/\(issued["key_id"].string ?? "")/rotate"
      }
      let kept = try await service.send(.post, try await issue(), as: owner)
      #expect(kept["expires_at"] == .string(expiry))
      #expect(kept["replaces"]["retires_at"] == .string(service.clock.time(86_400)))
      #expect(
        try await service.send(.post, try await issue(), as: owner, #"{"expires_at": null}"#)["expires_at"] == .null)
      let other = service.clock.time(3_600)
      let changed = try await service.send(.post, try await issue(), as: owner, #"{"expires_at": "\#(other)"}"#)
      #expect(changed["expires_at"] == .string(other))
      for (body, field) in [
        (#"{"grace_seconds": 604801}"#, "grace_seconds"), (#"{"grace_seconds": -1}"#, "grace_seconds"),
        (#"{"grace_seconds": 1.5}"#, "grace_seconds"), (#"{"expires_at": "2020-01-01T00:00:00Z"}"#, "expires_at"),
        (#"{"expires_at": "soon"}"#, "expires_at"), (#"{"grace": 1}"#, "grace"),
      ] {
        let answer = try await service.send(.post, try await issue(), as: owner, body)
        answer.expectProblem("invalid-parameter", status: 400, "\(body)")
        #expect(answer["field"] == .string(field))
      }
    }
  }

  @Test func aKeyExpiresAtItsTime() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let body = #"{"name": "k", "expires_at": "\#(service.clock.time(10))"}"#
      let issued = try await service.send(.post, "\(tenant.path)/keys", as: owner, body)
      let key = try #require(issued["api_key"].string)
      try await service.catchUp()
      service.clock.advance(seconds: 9.999)
      #expect(try await service.track(EventText(service.clock).text, key: key).status == 202)
      service.clock.advance(seconds: 0.001)
      try await service.track(EventText(service.clock).text, key: key).expectProblem("expired-key", status: 401)
      #expect(try await service.send(.get, issued.header("Location") ?? "", as: owner)["status"] == "expired")
    }
  }

  @Test func aRetryOfIssuingSaysThatTheKeyWasShown() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let body = #"{"name": "k"}"#
      let first = try await service.send(.post, "\(tenant.path)/keys", as: owner, body, idempotencyKey: "1")
      let again = try await service.send(.post, "\(tenant.path)/keys", as: owner, body, idempotencyKey: "1")
      again.expectProblem("key-already-issued", status: 409)
      #expect(again["key_id"] == first["key_id"])
      #expect(again["api_key"] == .null)
      let rotate = "\(tenant.path)/keys/\(first["key_id"].string ?? "")/rotate"
      let rotated = try await service.send(.post, rotate, as: owner, idempotencyKey: "1")
      #expect(rotated.status == 201)
      let twice = try await service.send(.post, rotate, as: owner, idempotencyKey: "1")
      twice.expectProblem("key-already-issued", status: 409)
      #expect(twice["key_id"] == rotated["key_id"])
      let list = try await service.see("\(tenant.path)/keys", as: owner)
      #expect(list["keys"].elements.count == 3)
    }
  }

  @Test func whatWillNotDoIsNamed() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      for (body, field) in [
        ("{}", "name"), (#"{"name": "k", "mode": "dead"}"#, "mode"), (#"{"name": "k", "scopes": []}"#, "scopes"),
        (#"{"name": "k", "scopes": "read"}"#, "scopes"), (#"{"name": "k", "scopes": ["write"]}"#, "scopes"),
        (#"{"name": "k", "scopes": [1]}"#, "scopes"), (#"{"name": "k", "expires_at": 1}"#, "expires_at"),
        (#"{"name": "k", "expires_at": "\#(service.clock.time())"}"#, "expires_at"),
        (#"{"name": "k", "expires_at": "9999-01-01T00:00:00Z"}"#, "expires_at"),
        (#"{"name": "k", "secret": "x"}"#, "secret"),
      ] {
        let answer = try await service.send(.post, "\(tenant.path)/keys", as: owner, body)
        answer.expectProblem("invalid-parameter", status: 400, "\(body)")
        #expect(answer["field"] == .string(field), "\(body)")
      }
      try await service.catchUp()
      for id in [UUID().uuidString, "x"] {
        try await service.send(.get, "\(tenant.path)/keys/\(id)", as: owner).expectProblem("key-not-found", status: 404)
        try await service.send(.delete, "\(tenant.path)/keys/\(id)", as: owner)
          .expectProblem("key-not-found", status: 404)
      }
    }
  }

  @Test func onlyWhoWorksWithKeysMayIssueOne() async throws {
    try await Service.with { service in
      let (tenant, _) = try await service.openWithOwner()
      let key = try await service.issue(for: tenant)
      let path = "\(tenant.path)/keys"
      let reader = try await service.join(tenant, as: .readOnly)
      for (method, uri, body) in [
        (.post, path, #"{"name": "k"}"#), (.delete, "\(path)/\(key.id)", nil), (.post, "\(path)/\(key.id)/rotate", nil),
      ] as [(HTTPRequest.Method, String, String?)] {
        let answer = try await service.send(method, uri, as: reader, body)
        answer.expectProblem("forbidden", status: 403)
        #expect(answer["role"] == "read_only")
      }
      #expect(try await service.see(path, as: reader).status == 200)
      for role in [Account.Role.member, .admin] {
        let member = try await service.join(tenant, as: role)
        #expect(try await service.send(.post, path, as: member, #"{"name": "k"}"#).status == 201)
      }
    }
  }

  @Test func theLogSaysWhoDidIt() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      _ = try await service.send(.post, "\(tenant.path)/keys", as: owner, #"{"name": "k"}"#)
      let row = try #require(
        try await service.test.owner.query(
          """
          SELECT u ->> 'actor_id' AS actor, u ->> 'client_sealed' AS client
          FROM log.batches AS b, jsonb_array_elements(b.events) AS u
          WHERE u ->> 'type' = 'key_issued' AND u ? 'actor_id'
          """
        ).first)
      #expect(try row.decode("actor", as: String.self) == owner.id.uuidString.lowercased())
      let sealed: String = try row.decode("client")
      let client = try await Vault(pool: service.test.log.pool).open(sealed, of: owner.id)
      #expect(client?.contains("user_agent") == true)
    }
  }
}
