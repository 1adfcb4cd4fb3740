import Domain
import EventLog
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

@Suite struct SessionTests {
  @Test func aRefreshTokenIsGoodOnceAndItsReuseEndsTheSession() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      let second = service.with(try await service.refresh(person.refresh), person)
      #expect(second.session == person.session && second.refresh != person.refresh)
      #expect(try await service.get("/api/v1/me", key: second.access).status == 200)
      try await service.refresh(person.refresh).expectProblem("session-ended", status: 401)
      try await service.refresh(second.refresh).expectProblem("session-ended", status: 401)
      try await service.get("/api/v1/me", key: second.access).expectProblem("session-ended", status: 401)
      #expect(try await service.events("session_ended", of: person.id) == 1)
    }
  }

  @Test func ofManyRefreshesAtOnceExactlyOneWins() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<6 { group.addTask { try await service.refresh(person.refresh).status } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.count { $0 == 200 } == 1)
      #expect(statuses.count { $0 == 401 } == 5)
      #expect(try await service.events("session_refreshed", of: person.id) == 1)
      #expect(try await service.events("session_ended", of: person.id) == 1)
    }
  }

  /// Random clients, some of which lost an answer: whatever they do, at most one token of a session is good.
  @Test(arguments: 0..<3) func atMostOneTokenIsGood(seed: Int) async throws {
    try await Service.with { service in
      var random = Seeded(seed)
      let person = try await service.loggedIn()
      var tokens = [person.refresh]
      var isOver = false
      for _ in 0..<12 {
        let lost = Int.random(in: 0..<5, using: &random) == 0 && tokens.count > 1
        let token = lost ? tokens[Int.random(in: 0..<tokens.count - 1, using: &random)] : tokens[tokens.count - 1]
        let answer = try await service.refresh(token)
        #expect(answer.status == (lost || isOver ? 401 : 200))
        isOver = isOver || lost
        if answer.status == 200 { tokens.append(answer["refresh_token"].string ?? "") }
      }
    }
  }

  @Test func aForgedTokenIsRefusedAndEndsNothing() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      let bytes = try #require(Base64URL.bytes(person.refresh))
      for index in [0, 16, 40, 95] {
        var other = bytes
        other[index] ^= 1
        try await service.refresh(Base64URL.text(other)).expectProblem("invalid-token", status: 401)
      }
      for text in ["", "nonsense", person.refresh + "A", person.access] {
        try await service.refresh(text).expectProblem("invalid-token", status: 401)
      }
      #expect(try await service.refresh(person.refresh).status == 200)
    }
  }

  @Test func aSessionNobodyUsesExpires() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      service.clock.advance(seconds: 29 * 86_400)
      let second = service.with(try await service.refresh(person.refresh), person)
      service.clock.advance(seconds: 30 * 86_400)
      try await service.refresh(second.refresh).expectProblem("session-ended", status: 401)
    }
  }

  @Test func loggingOutHoldsAtOnceHereAndByTheReadModelElsewhere() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      try await service.elsewhere { other in
        #expect(try await other.get("/api/v1/me", key: person.access).status == 200)
        #expect(try await service.send(.post, "/api/v1/auth/log-out", key: person.access).status == 200)
        try await service.get("/api/v1/me", key: person.access).expectProblem("session-ended", status: 401)
        try await service.catchUp(only: ["people"])
        service.clock.advance(seconds: 0.5)
        try await other.get("/api/v1/me", key: person.access).expectProblem("session-ended", status: 401)
        try await other.refresh(person.refresh).expectProblem("session-ended", status: 401)
      }
    }
  }

  @Test func aSessionSurvivesARestartAndIsKnownBeforeTheReadModelKnowsIt() async throws {
    try await Service.with { service in
      try await service.catchUp()
      let person = try await service.logIn(try await service.verified())
      try await service.elsewhere { other in
        let me = try await other.get("/api/v1/me", key: person.access)
        #expect(me.status == 200)
        let refreshed = try await other.refresh(person.refresh)
        #expect(refreshed.status == 200)
      }
    }
  }

  @Test func sessionsAreListedWithDeviceAndEndedOneByOneOrTogether() async throws {
    try await Service.with { service in
      let first = try await service.loggedIn()
      let second = try await service.logIn(first)
      let third = try await service.logIn(first)
      try await service.catchUp(only: ["people"])
      let list = try await service.get("/api/v1/me/sessions", key: second.access)["sessions"].elements
      #expect(Set(list.map { $0["session_id"].string }) == [first.session, second.session, third.session])
      #expect(list.count { $0["current"] == .bool(true) } == 1)
      #expect(list.allSatisfy { $0["address"] == .string(Client.unknown) && $0["started_at"].string != nil })
      #expect(
        try await service.send(.delete, "/api/v1/me/sessions/\(third.session)", key: second.access).status == 200)
      try await service.get("/api/v1/me", key: third.access).expectProblem("session-ended", status: 401)
      #expect(try await service.get("/api/v1/me", key: first.access).status == 200)
      #expect(try await service.send(.post, "/api/v1/auth/log-out-everywhere", key: first.access).status == 200)
      try await service.catchUp(only: ["people"])
      for person in [first, second] {
        try await service.get("/api/v1/me", key: person.access).expectProblem("session-ended", status: 401)
        try await service.refresh(person.refresh).expectProblem("session-ended", status: 401)
      }
      let fresh = try await service.logIn(first)
      #expect(try await service.get("/api/v1/me", key: fresh.access).status == 200)
    }
  }

  @Test func anothersSessionLooksLikeNone() async throws {
    try await Service.with { service in
      let (person, other) = (try await service.loggedIn(), try await service.loggedIn())
      for session in [other.session, UUID().uuidString, "nonsense"] {
        try await service.send(.delete, "/api/v1/me/sessions/\(session)", key: person.access)
          .expectProblem("session-not-found", status: 404)
      }
      #expect(try await service.get("/api/v1/me", key: other.access).status == 200)
    }
  }
}
