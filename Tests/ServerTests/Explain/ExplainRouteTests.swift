import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

/// Numbers explained over the API.
@Suite struct ExplainRouteTests {
  /// Five requests half a minute ago, three an hour ago; the five are voided.
  private func fill(_ service: Service) async throws -> (tenant: Service.Tenant, owner: Service.Person) {
    let (tenant, owner) = try await service.openWithOwner()
    let now = [EventText](repeating: EventText(service.clock, after: -30), count: 5)
    let before = [EventText](repeating: EventText(service.clock, after: -3_600), count: 3)
    _ = try await service.track((now + before).call(), key: tenant.key)
    let void =
      #"{"from": "\#(service.clock.time(-60))", "to": "\#(service.clock.time(0))", "reason": "a load test"}"#
    #expect(try await service.send(.post, "\(tenant.path)/voids", as: owner, void).status == 201)
    try await service.catchUp()
    return (tenant, owner)
  }

  @Test func aMonthsUseIsItsPiecesAndItsVoids() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await fill(service)
      try await CheckpointsJob(log: service.test.log, keys: service.signing).run(now: service.clock.now)
      let account = "/api/v1/accounts/\(tenant.accountID.uuidString.lowercased())"
      for path in ["\(tenant.path)/usage/explain", "\(account)/usage/explain"] {
        let month = "month=\(service.clock.month())"
        let answer = try await service.send(.get, "\(path)?\(month)&shown_at=2999-01-01T00:00:00Z", as: owner)
        #expect(answer.status == 200, "\(answer.text)")
        #expect([answer["tracked"], answer["used"], answer["calls"], answer["voided"]] == [8, 8, 3, 5])
        #expect(answer["adds_up"] == .bool(true) && answer["is_complete"] == .bool(true))
        #expect([answer["stopped_by"], answer["next_cursor"]] == [.null, .null])
        #expect(answer["pieces"].elements.map { $0["events"] } == [8])
        #expect(answer["pieces"][0]["is_late"] == .bool(false))
        let piece = answer["pieces"][0]
        #expect(piece["last_position"].integer - piece["first_position"].integer == 7)
        #expect(answer["voids"].elements.map { $0["reason"] } == ["a load test"])
        #expect([answer["voids"][0]["events"], answer["shown"]["used"], answer["shown"]["late"]] == [5, 8, 0])
        #expect(answer["checkpoint"]["covers_as_of"] == .bool(true))
        #expect((answer["project_id"] == .null) == path.hasPrefix(account))
        let byKey = try await service.get("\(path)?\(month)&shown_at=2000-01-01T00:00:00Z", key: tenant.key)
        #expect([byKey["shown"]["used"], byKey["shown"]["late"], byKey["shown"]["voided_since"]] == [0, 8, 5])
        #expect(byKey["pieces"][0]["is_late"] == .bool(true) && byKey["voids"][0]["is_late"] == .bool(true))
        let unasked = try await service.get("\(path)?\(month)", key: tenant.key)
        #expect(unasked["shown"] == .null && unasked["pieces"][0]["is_late"] == .null)
        #expect(try await service.get("\(path)?month=2020-01", key: tenant.key)["pieces"] == [])
        let first = try await service.get("\(path)?\(month)&limit=1", key: tenant.key)
        let cursor = try #require(first["next_cursor"].string)
        let second = try await service.get("\(path)?\(month)&limit=1&cursor=\(cursor)", key: tenant.key)
        #expect(first["pieces"].elements.count == 1 && second["voids"].elements.count == 1)
        #expect(second["next_cursor"] == .null)
        for wrong in ["shown_at=yesterday", "mode=both", "limit=0", "cursor=x", "month=2026-13"] {
          try await service.get("\(path)?\(wrong)", key: tenant.key)
            .expectProblem("invalid-parameter", status: 400, "\(wrong)")
        }
        try await service.get("\(path)?mode=test", key: tenant.key).expectProblem("missing-scope", status: 403)
      }
    }
  }

  @Test func aNumberOfTrafficIsExplainedAsItIsAndAsItWasKnown() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await fill(service)
      let span = "from=\(service.clock.time(-7_200))&to=\(service.clock.time(900))"
      let path = "\(tenant.path)/explain?\(span)"
      let plain = try await service.send(.get, path, as: owner)
      #expect(plain.status == 200, "\(plain.text)")
      #expect([plain["calls"], plain["recorded"], plain["voided"], plain["shown"]] == [3, 8, 5, .null])
      let summary = try await service.send(.get, "\(tenant.path)/summary?\(span)", as: owner)
      #expect(plain["calls"] == summary["total_calls"])
      #expect([plain["from"], plain["to"], plain["as_of"]] == [summary["from"], summary["to"], summary["as_of"]])
      #expect(plain["explained_from"] == plain["from"] && plain["is_complete"] == .bool(true))
      #expect(plain["days"].elements.map { $0["events"] } == [8] && plain["days"][0]["voided"] == 5)
      #expect(plain["voids"].elements.map { $0["events"] } == [5] && plain["checkpoint"] == .null)
      #expect(plain["last_position"].integer - plain["first_position"].integer == 2)
      let before = try await service.send(.get, "\(path)&known_at=2000-01-01T00:00:00Z", as: owner)
      #expect(["calls", "late", "voided_since"].map { before["shown"][$0] } == [0, 3, 0])
      #expect(before["days"][0]["late"] == 8)
      // Between the requests and the void.
      let moment = try await service.test.owner.query(
        """
        SELECT recorded_at FROM log.events WHERE type = 'request_tracked' AND account_id = \(tenant.accountID) LIMIT 1
        """
      ).first?.decode("recorded_at", as: Instant.self)
      let known = try #require(moment) + .milliseconds(1)
      let then = try await service.send(.get, "\(path)&known_at=\(known)", as: owner)
      #expect(["calls", "late", "voided_since"].map { then["shown"][$0] } == [8, 0, 5])
      try await service.send(.get, "\(path)&known_at=now", as: owner).expectProblem("invalid-parameter", status: 400)
      try await service.get("\(path)&mode=test", key: tenant.key).expectProblem("missing-scope", status: 403)
      let nothing = try await service.send(
        .get, "\(tenant.path)/explain?from=2020-01-01T00:00:00Z&to=2020-01-01T00:00:00Z", as: owner)
      #expect([nothing["calls"], nothing["first_position"], nothing["days"]] == [0, .null, []])
    }
  }
}
