import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import Server
import TestDatabase
import Testing

/// Setting another password, from a mail or from within.
@Suite struct PasswordTests {
  @Test func aResetEndsAllSessionsAndItsLinkWorksOnce() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      let known = try await service.post("/api/v1/auth/request-reset", ["email": person.email])
      let unknown = try await service.post("/api/v1/auth/request-reset", ["email": "nobody@example.com"])
      #expect(known.status == 202 && known.json == unknown.json)
      let token = try #require(try await service.mailed(.resetPassword, to: person.id))
      let weak = try await service.post("/api/v1/auth/reset", ["token": token, "password": "password123"])
      weak.expectProblem("invalid-parameter", status: 400)
      let new = Service.SignedUp(email: person.email, password: "gravel-and-thistle", id: person.id)
      #expect(try await service.post("/api/v1/auth/reset", ["token": token, "password": new.password]).status == 200)
      try await service.post("/api/v1/auth/reset", ["token": token, "password": new.password])
        .expectProblem("link-not-valid", status: 400)
      try await service.refresh(person.refresh).expectProblem("session-ended", status: 401)
      try await service.catchUp(only: ["people"])
      try await service.get("/api/v1/me", key: person.access).expectProblem("session-ended", status: 401)
      try await service.post("/api/v1/auth/log-in", ["email": person.email, "password": person.password])
        .expectProblem("wrong-credentials", status: 401)
      _ = try await service.logIn(new)
    }
  }

  @Test func aResetLinkWorksForAnHourAndOfTwoAtOnceOneDoes() async throws {
    try await Service.with { service in
      let person = try await service.verified()
      _ = try await service.post("/api/v1/auth/request-reset", ["email": person.email])
      let old = try #require(try await service.mailed(.resetPassword, to: person.id))
      service.clock.advance(seconds: 3_600)
      try await service.post("/api/v1/auth/reset", ["token": old, "password": "gravel-and-thistle"])
        .expectProblem("link-not-valid", status: 400)
      _ = try await service.post("/api/v1/auth/request-reset", ["email": person.email])
      let token = try #require(try await service.mailed(.resetPassword, to: person.id))
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<4 {
          group.addTask {
            let members = ["token": token, "password": "gravel-\(number)-thistle"]
            return try await service.post("/api/v1/auth/reset", members).status
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.count { $0 == 200 } == 1)
      #expect(try await service.events("password_set", of: person.id) == 2)
    }
  }

  @Test func whoWasOpenedByAnOperatorGetsInByAReset() async throws {
    try await Service.with { service in
      let email = try #require(EmailAddress("owner@example.com"))
      _ = try await OpenAccount(log: service.test.log, vault: Vault(pool: service.test.log.pool), clock: service.clock)(
        email: email, project: "shop", tier: .pro)
      let id = try #require(try await service.owner(of: "owner@example.com"))
      try await service.post("/api/v1/auth/log-in", ["email": "owner@example.com", "password": ""])
        .expectProblem("wrong-credentials", status: 401)
      _ = try await service.post("/api/v1/auth/request-reset", ["email": "owner@example.com"])
      let token = try #require(try await service.mailed(.resetPassword, to: id))
      #expect(
        try await service.post("/api/v1/auth/reset", ["token": token, "password": Service.password]).status == 200)
      let person = try await service.logIn(.init(email: "owner@example.com", password: Service.password, id: id))
      try await service.catchUp()
      let me = try await service.get("/api/v1/me", key: person.access)
      #expect(me["accounts"].elements.map { $0["tier"] } == ["pro"], "and no other account was opened")
    }
  }

  /// Whether they open the mail that the opening sent, or sign up themselves and open that one's.
  @Test(arguments: [false, true]) func whoWasOpenedByAnOperatorIsMailedALinkToChooseAPassword(signsUp: Bool)
    async throws
  {
    try await Service.with { service in
      let address = "owner@example.com"
      let email = try #require(EmailAddress(address))
      _ = try await OpenAccount(log: service.test.log, vault: service.test.log.vault, clock: service.clock)(
        email: email, project: "shop", tier: .pro, account: "Shops & Sons")
      let id = try #require(try await service.owner(of: address))
      if signsUp {
        let signedUp = try await service.post(
          "/api/v1/auth/sign-up", ["email": address, "password": "whoever-types-this"])
        #expect(signedUp.status == 202)
        #expect(try await service.events("token_issued", of: id) == 2, "of the opening, and of the sign-up")
      }
      let token = try #require(try await service.mailed(.setPassword, to: id))
      #expect(
        try await service.post("/api/v1/auth/reset", ["token": token, "password": Service.password]).status == 200)
      let person = try await service.logIn(.init(email: address, password: Service.password, id: id))
      try await service.catchUp()
      let accounts = try await service.get("/api/v1/accounts", key: person.access)
      #expect(accounts["accounts"].elements.map { $0["name"] } == ["Shops & Sons"])
    }
  }

  @Test func changingThePasswordNeedsTheOldOneAndEndsTheOtherSessions() async throws {
    try await Service.with { service in
      let here = try await service.loggedIn()
      let there = try await service.logIn(here)
      func change(_ current: String, _ new: String) async throws -> Answer {
        try await service.post(
          "/api/v1/me/password", ["current_password": current, "new_password": new], key: here.access)
      }
      try await change("wrong", "gravel-and-thistle").expectProblem("wrong-password", status: 403)
      let weak = try await change(here.password, "short")
      weak.expectProblem("invalid-parameter", status: 400)
      #expect(weak["field"] == "new_password")
      #expect(try await change(here.password, "gravel-and-thistle").status == 200)
      try await service.catchUp(only: ["people"])
      #expect(try await service.get("/api/v1/me", key: here.access).status == 200)
      #expect(try await service.refresh(here.refresh).status == 200)
      try await service.get("/api/v1/me", key: there.access).expectProblem("session-ended", status: 401)
      try await service.refresh(there.refresh).expectProblem("session-ended", status: 401)
    }
  }
}
