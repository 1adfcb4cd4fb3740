import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// Nobody makes a stream longer without bound.
@Suite struct ChangeLimitTests {
  @Test func aDaysChangesAreThereAtOnceAndComeBackOneByOneOnEveryServer() async throws {
    try await Service.with { service in
      let other = try await service.test.another()
      let limits = [service.test.log, other].map { ChangeLimit(log: $0, clock: service.clock, perDay: 10) }
      let account = UUID()
      for index in 0..<10 { try await limits[index % 2].take(account) }
      for limit in limits {
        await #expect {
          try await limit.take(account)
        } throws: { error in
          (error as? Throttled)?.seconds == 8_640
        }
      }
      try await limits[0].take(UUID())
      service.clock.advance(seconds: 8_640)
      try await limits[1].take(account)
      await #expect(throws: Throttled.self) { try await limits[0].take(account) }
      // A clock that was days ahead, and has been put right.
      service.clock.advance(seconds: -10 * 86_400)
      try await limits[0].take(account)
      await other.close()
    }
  }

  @Test func whatChangesNothingIsNotCountedAndAppendsNothing() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let stranger = try await service.person()
      func rename(_ name: String, as person: Service.Person) async throws -> Answer {
        try await service.send(.patch, tenant.path, as: person, #"{"name": "\#(name)"}"#)
      }
      #expect(try await rename("a", as: owner).status == 200)
      let events = try await service.number("SELECT sum(last_position) AS n FROM log.heads")
      let used = try await service.number(
        "SELECT sum(attempts) AS n FROM operations.throttles WHERE key LIKE 'change:%'")
      #expect(try await rename("a", as: owner).status == 200)
      #expect(try await rename("b", as: stranger).status == 404)
      #expect(try await service.number("SELECT sum(last_position) AS n FROM log.heads") == events)
      #expect(
        try await service.number("SELECT sum(attempts) AS n FROM operations.throttles WHERE key LIKE 'change:%'")
          == used)
      // As after a thousand of them.
      try await service.test.owner.query(
        "UPDATE operations.throttles SET blocked_until = \((service.clock.now + .days(1)).milliseconds) WHERE key LIKE 'change:%'"
      )
      let refused = try await rename("b", as: owner)
      refused.expectProblem("too-many-attempts", status: 429)
      #expect(refused.header("Retry-After") == "87")
      #expect(try await rename("a", as: owner).status == 200)
      service.clock.advance(seconds: 87)
      #expect(try await rename("b", as: owner).status == 200)
    }
  }

  /// A rogue admin has made them all.
  @Test func whatTakesRightsAwayNeedsNoChange() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let (admin, rogue) = (try await service.join(tenant, as: .admin), try await service.join(tenant, as: .admin))
      let key = try await service.issue(for: tenant)
      let invited = try await service.send(
        .post, "\(tenant.account)/invitations", as: owner, #"{"email": "a@example.com", "role": "member"}"#)
      #expect(invited.status == 201)
      #expect(try await service.send(.patch, tenant.path, as: owner, #"{"name": "a"}"#).status == 200)
      try await service.test.owner.query(
        "UPDATE operations.throttles SET blocked_until = \((service.clock.now + .days(1)).milliseconds) WHERE key LIKE 'change:%'"
      )
      func delete(_ path: String) async throws -> Int { try await service.send(.delete, path, as: owner).status }
      func member(_ person: Service.Person) -> String {
        "\(tenant.account)/members/\(person.id.uuidString.lowercased())"
      }
      #expect(try await service.send(.patch, tenant.path, as: owner, #"{"name": "b"}"#).status == 429)
      #expect(try await delete("\(tenant.path)/keys/\(key.id.uuidString.lowercased())") == 200)
      #expect(try await service.send(.patch, member(admin), as: owner, #"{"role": "member"}"#).status == 200)
      #expect(
        try await service.send(.patch, member(admin), as: owner, #"{"role": "admin"}"#).status == 429,
        "what gives a right is counted")
      #expect(try await delete(member(rogue)) == 200)
      let invitation = try #require(invited["invitation_id"].string)
      #expect(try await delete("\(tenant.account)/invitations/\(invitation)") == 200)
      #expect(try await service.send(.post, "\(tenant.path)/archive", as: owner).status == 200)
    }
  }
}
