import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import Server
import TestDatabase
import Testing

/// What an account takes away of its own, and who may.
@Suite struct ExportRouteTests {
  private typealias Opened = (tenant: Service.Tenant, owner: Service.Person)

  /// Two accounts that tracked: nothing of the other's may come along.
  private func track(_ service: Service, _ count: Int = 3) async throws -> (own: Opened, other: Opened) {
    let (own, other) = (try await service.openWithOwner(), try await service.openWithOwner())
    for (tenant, count) in [(own.tenant, count), (other.tenant, 2)] {
      let events = (0..<count).map { EventText(service.clock, after: -60 - Double($0) * 43_200) }
      _ = try await service.track(events.call(), key: tenant.key)
    }
    return (own, other)
  }

  @Test func anOwnerTakesAwayAllOfTheAccountAndNothingElse() async throws {
    try await Service.with { service in
      let (own, other) = try await track(service)
      let answer = try await service.send(.get, "\(own.tenant.account)/export", as: own.owner)
      #expect(answer.status == 200)
      #expect(answer.header("Content-Type") == "application/x-ndjson")
      #expect(answer.header("Content-Disposition")?.hasSuffix(".jsonl\"") == true)
      let events = try answer.text.split(separator: "\n").map {
        try JSONDecoder().decode(JSON.self, from: Data($0.utf8))
      }
      #expect(events.filter { $0["type"] == "dev.recount.request_tracked.v2" }.count == 3)
      #expect(events.contains { $0["type"].string?.contains("account_opened") == true })
      #expect(
        events.allSatisfy { $0["subject"].string?.hasPrefix(own.tenant.accountID.uuidString.lowercased()) == true })
      #expect(!answer.text.contains(other.tenant.accountID.uuidString.lowercased()))

      let csv = try await service.send(.get, "\(own.tenant.account)/export?format=csv", as: own.owner)
      #expect(csv.header("Content-Type")?.hasPrefix("text/csv") == true)
      #expect(csv.text.split(separator: "\r\n").count == 4, "a header and three requests")
    }
  }

  @Test func anExportIsNarrowedByProjectAndTime() async throws {
    try await Service.with { service in
      let (own, _) = try await track(service)
      func rows(_ query: String) async throws -> Int {
        let answer = try await service.send(.get, "\(own.tenant.account)/export?format=csv&\(query)", as: own.owner)
        return answer.text.split(separator: "\r\n").count - 1
      }
      #expect(try await rows("project=\(own.tenant.projectID)") == 3)
      #expect(try await rows("project=\(UUID())") == 0)
      #expect(try await rows("to=2000-01-01T00:00:00Z") == 0)
      #expect(try await rows("from=2000-01-01T00:00:00Z") == 3)
    }
  }

  @Test func whoTookTheDataIsRecordedBeforeItLeaves() async throws {
    try await Service.with { service in
      let (own, _) = try await track(service)
      _ = try await service.send(.get, "\(own.tenant.account)/export?format=csv", as: own.owner)
      let rows = try await service.test.owner.query(
        """
        SELECT u.stream, u.unit ->> 'actor_id' AS actor, u.unit ? 'client_sealed' AS sealed, u.data -> 0 ->> 'format' AS format
        FROM log.heads AS h, log.read_units(h.shard, 0, h.last_position) AS u WHERE u.type = 'data_exported'
        """)
      let row = try #require(rows.first)
      #expect(rows.count == 1)
      #expect(try row.decode("stream") == "exports-\(own.tenant.accountID.uuidString.lowercased())")
      #expect(try row.decode("actor") == own.owner.id.uuidString.lowercased())
      #expect(try row.decode("sealed") == true)
      #expect(try row.decode("format") == "csv")
    }
  }

  @Test(arguments: ["export", "statements/2024-01"]) func onlyWhoMayExportDoes(what: String) async throws {
    try await Service.with { service in
      let (own, other) = try await track(service)
      let path = "\(own.tenant.account)/\(what)"
      try await service.get(path).expectProblem("missing-token", status: 401)
      try await service.send(.get, path, as: other.owner).expectProblem("account-not-found", status: 404)
      try await service.send(.get, "/api/v1/accounts/nobody/\(what)", as: own.owner)
        .expectProblem("account-not-found", status: 404)
      for role in Account.Role.allCases {
        let member = try await service.join(own.tenant, as: role)
        try await service.catchUp()
        let answer = try await service.send(.get, path, as: member)
        #expect(answer.status == (Permissions.allows(role, .exportData) ? 200 : 403), "\(role)")
      }
      let taken = try await service.number("SELECT count(*) AS n FROM log.events WHERE type = 'data_exported'")
      #expect(taken == (what == "export" ? 2 : 0), "owner and admin; who was refused took nothing")
    }
  }

  @Test func whatCannotBeExportedIsNamed() async throws {
    try await Service.with { service in
      let (own, _) = try await track(service)
      for query in [
        "export?format=xml", "export?project=1", "export?from=yesterday",
        "export?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "statements/2026-13", "statements/january",
        "statements/9999-01",
      ] {
        try await service.send(.get, "\(own.tenant.account)/\(query)", as: own.owner)
          .expectProblem("invalid-parameter", status: 400, "\(query)")
      }
    }
  }
}
