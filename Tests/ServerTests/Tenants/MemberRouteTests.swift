import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

/// Who belongs to an account, over the API.
@Suite struct MemberRouteTests {
  private func path(_ tenant: Service.Tenant, _ person: Service.Person) -> String {
    "\(tenant.account)/members/\(person.id.uuidString.lowercased())"
  }

  @Test func membersSeeEachOtherAndTheirAccounts() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let reader = try await service.join(tenant, as: .readOnly)
      let list = try await service.see("\(tenant.account)/members", as: reader)
      #expect(list["members"].elements.map { $0["role"] } == ["owner", "read_only"])
      #expect(list["members"][1]["email"] == .string(reader.email))
      #expect(list["members"][0]["user_id"] == .string(owner.id.uuidString.lowercased()))
      let page = try await service.send(.get, "\(tenant.account)/members?limit=1", as: reader)
      let cursor = try #require(page["next_cursor"].string)
      let rest = try await service.send(.get, "\(tenant.account)/members?limit=1&cursor=\(cursor)", as: reader)
      #expect(rest["members"].elements.map { $0["role"] } == ["read_only"])
      let accounts = try await service.send(.get, "/api/v1/accounts", as: reader)
      #expect(accounts["accounts"].elements.map { $0["role"] } == ["read_only"])
      #expect(accounts["accounts"][0]["account_id"] == .string(tenant.accountID.uuidString.lowercased()))
    }
  }

  @Test func aRoleChangesAtOnce() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let member = try await service.join(tenant, as: .readOnly)
      let keys = "\(tenant.path)/keys"
      #expect(try await service.send(.post, keys, as: member, #"{"name": "k"}"#).status == 403)
      #expect(
        try await service.send(.patch, path(tenant, member), as: owner, #"{"role": "member"}"#)["role"] == "member")
      #expect(try await service.send(.post, keys, as: member, #"{"name": "k"}"#).status == 201)
      let list = try await service.see("\(tenant.account)/members", as: owner)
      #expect(list["members"][1]["role"] == "member")
    }
  }

  @Test func whoeverIsRemovedIsOutAtOnce() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let member = try await service.join(tenant, as: .member)
      try await service.catchUp()
      #expect(try await service.send(.get, "\(tenant.path)/summary", as: member).status == 200)
      #expect(try await service.send(.delete, path(tenant, member), as: owner).status == 200)
      // No read model has heard of it, no time has passed.
      try await service.send(.get, "\(tenant.path)/summary", as: member).expectProblem("project-not-found", status: 404)
      try await service.send(.get, tenant.account, as: member).expectProblem("account-not-found", status: 404)
      try await service.send(.post, "\(tenant.path)/keys", as: member, #"{"name": "k"}"#)
        .expectProblem("project-not-found", status: 404)
      let accounts = try await service.see("/api/v1/accounts", as: member)
      #expect(accounts["accounts"] == [])
    }
  }

  @Test func anAdminRunsMembersButNotOwners() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let (admin, member) = (
        try await service.join(tenant, as: .admin), try await service.join(tenant, as: .member)
      )
      let refused: [(HTTPRequest.Method, Service.Person, String?)] = [
        (.delete, owner, nil), (.patch, owner, #"{"role": "member"}"#), (.patch, member, #"{"role": "owner"}"#),
        (.patch, admin, #"{"role": "owner"}"#),
      ]
      for (method, person, body) in refused {
        let answer = try await service.send(method, path(tenant, person), as: admin, body)
        answer.expectProblem("forbidden", status: 403)
        #expect(answer["action"] == "manage_owners")
      }
      #expect(try await service.send(.patch, path(tenant, member), as: admin, #"{"role": "admin"}"#).status == 200)
      #expect(try await service.send(.delete, path(tenant, member), as: admin).status == 200)
      try await service.send(.delete, path(tenant, member), as: admin).expectProblem("member-not-found", status: 404)
      let other = try await service.join(tenant, as: .member)
      try await service.send(.delete, path(tenant, admin), as: other).expectProblem("forbidden", status: 403)
    }
  }

  @Test func everyoneMayLeaveButTheLastOwner() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      for role in [Account.Role.readOnly, .member, .admin, .owner] {
        let person = try await service.join(tenant, as: role)
        #expect(try await service.send(.delete, path(tenant, person), as: person).status == 200, "\(role)")
      }
      try await service.send(.delete, path(tenant, owner), as: owner).expectProblem("last-owner", status: 409)
      try await service.send(.patch, path(tenant, owner), as: owner, #"{"role": "admin"}"#)
        .expectProblem("last-owner", status: 409)
    }
  }

  @Test func ofTwoOwnersLeavingAtOnceOneStays() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let other = try await service.join(tenant, as: .owner)
      async let first = service.send(.delete, path(tenant, owner), as: owner)
      async let second = service.send(.delete, path(tenant, other), as: other)
      #expect(try await Set([first.status, second.status]) == [200, 409])
      let account = try await service.test.log.load(Account.self, from: service.stream(of: tenant)).state
      #expect(Array(account.members.values) == [.owner])
    }
  }

  @Test func aRoleMustBeOne() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let member = try await service.join(tenant, as: .member)
      for body in ["{}", #"{"role": null}"#, #"{"role": "king"}"#, #"{"role": 1}"#] {
        let answer = try await service.send(.patch, path(tenant, member), as: owner, body)
        answer.expectProblem("invalid-parameter", status: 400, "\(body)")
        #expect(answer["field"] == "role")
      }
    }
  }

  @Test func withoutALogInNobodyIsAnybody() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      try await service.get(tenant.account).expectProblem("missing-token", status: 401)
      try await service.get(tenant.account, key: tenant.key).expectProblem("invalid-token", status: 401)
      try await service.get(tenant.account, key: "a.b.c").expectProblem("invalid-token", status: 401)
    }
  }
}
