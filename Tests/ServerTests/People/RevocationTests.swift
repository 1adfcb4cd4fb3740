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

/// Two servers by the clock on the wall, and no projector: what ends a session on one is gone by on the other within a second, and for
/// good.
@Suite struct RevocationTests {
  enum Ending: CaseIterable { case logOut, everywhere, revoked, reset, changed, erased }

  @Test(arguments: Ending.allCases) func anEndedSessionIsRefusedEverywhereWithinASecond(ending: Ending) async throws {
    try await Service.with { service in
      // Tokens are made at the test's time and looked at by the wall's.
      service.clock.set(to: SystemClock().now)
      // The read models know of the session, and stand still from then on.
      let person = try await service.loggedIn()
      let elsewhere = try await service.logIn(person)
      try await service.catchUp()
      try await Self.withTwoServers(service) { here, there in
        for client in [here, there] { #expect(try await Self.me(person, client) == 200) }
        try await Self.end(person, elsewhere, ending, at: here, service)
        let done = ContinuousClock.now
        var (asked, letIn) = (done, done)
        while try await Self.me(person, there) == 200 {
          letIn = asked
          try #require(ContinuousClock.now - done < .seconds(120), "still let in")
          try await Task.sleep(for: .milliseconds(10))
          asked = .now
        }
        // By when it was asked by whoever was let in last: what answers and naps take on a machine that is busy with other tests is no time in which
        // somebody is.
        #expect(letIn - done < .seconds(1))
        while ContinuousClock.now - done < .seconds(2) {
          for client in [here, there] { #expect(try await Self.me(person, client) == 401) }
          try await Task.sleep(for: .milliseconds(100))
        }
      }
    }
  }

  private static func me(_ person: Service.SignedUp, _ client: any TestClientProtocol) async throws -> Int {
    try await client.executeRequest(
      uri: "/api/v1/me", method: .get, headers: [.authorization: "Bearer \(person.access)"], body: nil
    ).status.code
  }

  /// Ends a person's session; from another of theirs where that is how it ends.
  private static func end(
    _ person: Service.SignedUp, _ other: Service.SignedUp, _ ending: Ending, at client: any TestClientProtocol,
    _ service: Service
  ) async throws {
    let here = Service(test: service.test, clock: service.clock, signing: service.signing, client: client)
    let answer: Answer
    switch ending {
    case .logOut: answer = try await here.send(.post, "/api/v1/auth/log-out", key: person.access)
    case .everywhere: answer = try await here.send(.post, "/api/v1/auth/log-out-everywhere", key: person.access)
    case .revoked:
      answer = try await here.send(.delete, "/api/v1/me/sessions/\(person.session)", key: other.access)
    case .reset:
      _ = try await here.post("/api/v1/auth/request-reset", ["email": person.email])
      let link = try #require(try await here.mailed(.resetPassword, to: person.id))
      answer = try await here.post("/api/v1/auth/reset", ["token": link, "password": "gravel-and-thistle"])
    case .changed:
      let passwords = ["current_password": person.password, "new_password": "gravel-and-thistle"]
      answer = try await here.post("/api/v1/me/password", passwords, key: other.access)
    case .erased:
      answer = try await here.send(.delete, "/api/v1/me", ["password": person.password], key: other.access)
      #expect(answer.status == 202)
      let due = SystemClock().now + .days(31)
      try await Erase(people: service.people)(person.id, now: due)
      return
    }
    #expect(answer.status == 200, "\(ending)")
  }

  private static func withTwoServers(
    _ service: Service, _ body: @Sendable (any TestClientProtocol, any TestClientProtocol) async throws -> Void
  ) async throws {
    let logs = [try await service.test.another(), try await service.test.another()]
    let servers = try logs.map {
      try RecountServer(
        log: $0, projections: Service.projections, people: Service.people, patience: .zero, logger: Service.silent
      ).application(host: "127.0.0.1", port: 0)
    }
    try await servers[0].test(.router) { here in
      try await servers[1].test(.router) { there in try await body(here, there) }
    }
    for log in logs { await log.close() }
  }
}
