import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import NIOCore
import Postgres
import Server
import TestDatabase
import Testing

/// Voids over the API: requests leave the numbers, and stay used.
@Suite struct VoidRouteTests {
  private func body(_ service: Service, from: Double, to: Double, reason: String = "load test") -> String {
    #"{"from": "\#(service.clock.time(from))", "to": "\#(service.clock.time(to))", "reason": "\#(reason)"}"#
  }

  /// Five requests half a minute ago, three an hour ago.
  private func fill(_ service: Service, _ tenant: Service.Tenant) async throws {
    let now = [EventText](repeating: EventText(service.clock, after: -30), count: 5)
    let before = [EventText](repeating: EventText(service.clock, after: -3_600), count: 3)
    let answer = try await service.track((now + before).call(), key: tenant.key)
    #expect(answer.counts == Counts(accepted: 8))
  }

  @Test func anOwnerVoidsASpanAndEveryNumberFollows() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      try await fill(service, tenant)
      let span = "from=\(service.clock.time(-60))&to=\(service.clock.time(0))"
      let preview = try await service.send(.get, "\(tenant.path)/voids/preview?\(span)", as: owner)
      #expect(preview["events"] == 5)
      #expect(preview["days"].elements.map { $0["events"].integer } == [5])
      #expect(try await service.number("SELECT count(*) AS n FROM log.voids") == 0, "nothing is changed")

      let key = UUID().uuidString
      let made = try await service.send(
        .post, "\(tenant.path)/voids", as: owner, body(service, from: -60, to: 0), idempotencyKey: key)
      #expect(made.status == 201)
      #expect(made["events"] == 5)
      #expect(made["counts"][0]["events"] == 5)
      #expect(made["gives_back_quota"] == .bool(false))
      // As after a thousand changes: what is done already takes none.
      try await service.test.owner.query(
        "UPDATE operations.throttles SET blocked_until = \((service.clock.now + .days(1)).milliseconds) WHERE key LIKE 'change:%'"
      )
      let again = try await service.send(
        .post, "\(tenant.path)/voids", as: owner, body(service, from: -60, to: 0), idempotencyKey: key)
      #expect(again["void_id"] == made["void_id"], "the same POST is done once")

      let usage = try await service.see("/api/v1/usage?account_id=\(tenant.accountID.uuidString)", as: owner)
      #expect([usage["used"], usage["calls"], usage["voided"], usage["given_back"]] == [8, 3, 5, 0])
      #expect(try await service.get("/api/v1/usage", key: tenant.key).json == usage.json.without("test"))
      let project = try await service.get("\(tenant.path)/usage", key: tenant.key)
      #expect([project["live"]["used"], project["live"]["calls"], project["live"]["voided"]] == [8, 3, 5])
      #expect([project["keys"][0]["used"], project["keys"][0]["calls"]] == [8, 3])
      #expect(try await service.get("\(tenant.path)/summary", key: tenant.key)["total_calls"] == 3)
      #expect(try await service.get("\(tenant.path)/requests", key: tenant.key)["requests"].elements.count == 3)
      let listed = try await service.send(.get, "\(tenant.path)/voids", as: owner)
      #expect(listed["voids"].elements.count == 1)
      #expect(listed["voids"][0]["void_id"] == made["void_id"])
      #expect(listed["voids"][0]["reason"] == "load test")
      #expect(listed["voids"][0]["gives_back_quota"] == .bool(false))
      #expect(listed["voids"][0]["voided_by"] == .string(owner.id.uuidString.lowercased()))
      #expect(listed["next_cursor"] == .null)
    }
  }

  /// 3,000 tracked of 1,000 is what owners did once.
  @Test func anOwnersVoidMakesNoRoomInAFullQuotaAndTheOperatorsDoes() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner(.free)
      let events = [EventText](repeating: EventText(service.clock, after: -30), count: 1_000)
      #expect(try await service.track(events.call(), key: tenant.key).counts == Counts(accepted: 1_000))
      let late = [EventText(service.clock)].call()
      #expect(try await service.track(late, key: tenant.key).status == 429)
      let made = try await service.send(
        .post, "\(tenant.path)/voids", as: owner, body(service, from: -60, to: -10))
      #expect(made["events"] == 1_000)
      #expect(try await service.track(late, key: tenant.key).status == 429, "what was used stays used")

      let other = try await service.open(.free)
      #expect(try await service.track(events.call(), key: other.key).counts == Counts(accepted: 1_000))
      let stream = StreamID.project(
        other.projectID, of: other.accountID, shard: service.test.log.shards.shard(of: other.accountID))
      let span = Voiding.Span(mode: .live, from: 0, to: service.clock.now)
      try await Voiding(log: service.test.log)(
        UUID(), span, reason: "our own fault", givesBackQuota: true, on: stream)
      #expect(try await service.track(late, key: other.key).status == 202)
      try await service.catchUp()
      let usage = try await service.get("/api/v1/usage", key: other.key)
      #expect([usage["used"], usage["calls"], usage["voided"], usage["given_back"]] == [1, 1, 1_000, 1_000])
      try await service.expectReplayIsClean()
    }
  }

  @Test func onlyAnOwnerMayAndEveryMemberSeesIt() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      try await fill(service, tenant)
      let span = "from=\(service.clock.time(-60))&to=\(service.clock.time(0))"
      for role in [Account.Role.admin, .member, .readOnly] {
        let person = try await service.join(tenant, as: role)
        try await service.send(.post, "\(tenant.path)/voids", as: person, body(service, from: -60, to: 0))
          .expectProblem("forbidden", status: 403)
        try await service.send(.get, "\(tenant.path)/voids/preview?\(span)", as: person)
          .expectProblem("forbidden", status: 403)
        #expect(try await service.see("\(tenant.path)/voids", as: person).status == 200)
      }
      let stranger = try await service.person()
      for (method, path) in [(HTTPRequest.Method.get, "voids"), (.post, "voids"), (.get, "voids/preview?\(span)")] {
        try await service.send(
          method, "\(tenant.path)/\(path)", as: stranger, method == .post ? body(service, from: -60, to: 0) : nil
        ).expectProblem("project-not-found", status: 404)
      }
      let withKey = try await service.send(
        .post, "\(tenant.path)/voids", key: tenant.key, body: ByteBuffer(string: body(service, from: -60, to: 0)))
      #expect(withKey.status == 401, "a key tracks and reads, and voids nothing")
      #expect(try await service.number("SELECT count(*) AS n FROM log.voids") == 0)
      _ = owner
    }
  }

  @Test func whatCannotBeVoidedSaysWhy() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      try await fill(service, tenant)
      let wrong = [
        (body(service, from: 0, to: -60), "from"), (body(service, from: -60, to: 0, reason: " "), "reason"),
        (body(service, from: -7_200, to: -7_100), "from"), (#"{"reason": "x"}"#, "from"),
        (#"{"from": "yesterday", "to": "today", "reason": "x"}"#, "from"),
        (body(service, from: -60, to: 0).replacingOccurrences(of: "reason", with: "why"), "why"),
      ]
      for (text, field) in wrong {
        let answer = try await service.send(.post, "\(tenant.path)/voids", as: owner, text)
        answer.expectProblem("invalid-parameter", status: 400)
        #expect(answer["field"] == .string(field), "\(text)")
      }
      for query in [
        "", "?from=\(service.clock.time(0))", "?from=\(service.clock.time(0))&to=\(service.clock.time(-1))",
      ] {
        try await service.send(.get, "\(tenant.path)/voids/preview\(query)", as: owner)
          .expectProblem("invalid-parameter", status: 400)
      }
      let key = UUID().uuidString
      _ = try await service.send(
        .post, "\(tenant.path)/voids", as: owner, body(service, from: -60, to: 0), idempotencyKey: key)
      try await service.send(
        .post, "\(tenant.path)/voids", as: owner, body(service, from: -60, to: 0, reason: "y"), idempotencyKey: key
      ).expectProblem("idempotency-conflict", status: 409)
    }
  }
}
