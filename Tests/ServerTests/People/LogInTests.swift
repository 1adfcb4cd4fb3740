import Crypto
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

@Suite struct LogInTests {
  @Test func aWrongPasswordAndAnUnknownAddressGetTheSameAnswer() async throws {
    try await Service.with { service in
      let person = try await service.verified()
      let wrong = try await service.post("/api/v1/auth/log-in", ["email": person.email, "password": "wrong"])
      let unknown = try await service.post(
        "/api/v1/auth/log-in", ["email": "nobody@example.com", "password": person.password])
      let endless = try await service.post(
        "/api/v1/auth/log-in", ["email": person.email, "password": String(repeating: "x", count: 2_000)])
      for answer in [wrong, unknown, endless] {
        answer.expectProblem("wrong-credentials", status: 401)
        #expect(answer["detail"] == wrong["detail"])
      }
      #expect(try await service.events("sign_in_failed", of: person.id) == 2)
    }
  }

  /// With hashes and answers as they are outside tests.
  @Test func timeDoesNotTellWhetherAnAddressIsKnown() async throws {
    try await Service.with { service in
      let person = try await service.verified()
      try await service.elsewhere(PeopleSettings()) { slow in
        for (route, known) in [("log-in", true), ("log-in", false), ("request-reset", true), ("request-reset", false)] {
          var members = ["email": known ? person.email : "nobody@example.com"]
          if route == "log-in" { members["password"] = "wrong" }
          let took = try await ContinuousClock().measure { _ = try await slow.post("/api/v1/auth/\(route)", members) }
          #expect(took >= .milliseconds(300), "\(route) \(known)")
        }
      }
    }
  }

  /// On a busy server the work takes longer than the least time: then its time would tell.
  @Test func workThatTakesLongerIsAnsweredAtTheNextMultiple() async throws {
    try await Service.with { service in
      let settings = PeopleSettings(evenAnswer: .milliseconds(100), hashesAreCheap: true)
      let people = try People(log: service.test.log, queries: Service.queries, settings: settings, clock: service.clock)
      for (work, least) in [(0, 100), (130, 200), (260, 300)] {
        let took = await ContinuousClock().measure {
          try? await people.evenly { try await Task.sleep(for: .milliseconds(work)) }
        }
        #expect(took >= .milliseconds(least), "\(work) ms of work")
      }
    }
  }

  @Test func guessingIsSlowedDownMoreAndMoreAlikeForKnownAndUnknownAddresses() async throws {
    try await Service.with { service in
      let person = try await service.verified()
      var waits: [[Int]] = []
      for email in [person.email, "nobody@example.com"] {
        var seen: [Int] = []
        for _ in 0..<10 {
          let answer = try await service.post("/api/v1/auth/log-in", ["email": email, "password": "wrong"])
          guard answer.status == 429 else {
            seen.append(0)
            continue
          }
          answer.expectProblem("too-many-attempts", status: 429)
          let wait = try #require(answer.header("Retry-After").flatMap { Int($0) })
          seen.append(wait)
          // Not a moment earlier.
          service.clock.advance(seconds: Double(wait) - 0.001)
          #expect(try await service.post("/api/v1/auth/log-in", ["email": email, "password": "wrong"]).status == 429)
          service.clock.advance(seconds: 0.001)
        }
        waits.append(seen)
      }
      #expect(waits[0] == [0, 0, 0, 0, 0, 0, 1, 0, 2, 0])
      #expect(waits[0] == waits[1])
      // The right password is slowed down, too, until the wait is over; then all is forgotten.
      let right = ["email": person.email, "password": person.password]
      #expect(try await service.post("/api/v1/auth/log-in", right).status == 429)
      service.clock.advance(seconds: 900)
      #expect(try await service.post("/api/v1/auth/log-in", right).status == 200)
      for _ in 0..<5 {
        try await service.post("/api/v1/auth/log-in", ["email": person.email, "password": "wrong"])
          .expectProblem("wrong-credentials", status: 401)
      }
    }
  }

  @Test func manyAttemptsAtOnceGetNoMoreThanOneAfterAnother() async throws {
    try await Service.with { service in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<20 {
          group.addTask {
            try await service.post("/api/v1/auth/log-in", ["email": "me@example.com", "password": "wrong"]).status
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.count { $0 == 401 } == 6)
      #expect(statuses.count { $0 == 429 } == 14)
    }
  }

  /// Where one of them could not be written, another answer would tell that the address is somebody's.
  @Test func aFailureThatCanNotBeRecordedIsAnsweredLikeAnyOther() async throws {
    try await Service.with { service in
      let person = try await service.verified()
      try await service.test.owner.query("REVOKE EXECUTE ON FUNCTION log.append FROM recount_server")
      for email in [person.email, "nobody@example.com"] {
        try await service.post("/api/v1/auth/log-in", ["email": email, "password": "wrong"])
          .expectProblem("wrong-credentials", status: 401)
      }
    }
  }

  @Test func aHashWithOtherParametersIsRenewedAtLogIn() async throws {
    try await Service.with { service in
      let person = try await service.verified()
      try await service.elsewhere(PeopleSettings(evenAnswer: .zero)) { dear in
        _ = try await dear.logIn(person)
        _ = try await dear.logIn(person)
        #expect(try await dear.events("password_set", of: person.id) == 2, "once")
        let user = try await service.test.log.load(
          User.self, from: .user(person.id, shard: service.test.log.shards.shard(of: person.id))
        ).state
        let sealed = try #require(user.passwordSealed)
        let hash = try await Vault(pool: service.test.log.pool).open(sealed, of: person.id)
        #expect(hash?.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$") == true)
      }
    }
  }

  @Test func aFloodOfPasswordsIsTurnedAwayAndStopsNothing() async throws {
    let hasher = PasswordHasher(cost: .standard, atOnce: 1, queueLength: 2)
    let password = try #require(Password(claimed: "thistle-97-gravel"))
    let results = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<12 {
        group.addTask { (try? await hasher.hash(password)) != nil }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    let hashed = results.count { $0 }
    #expect(hashed >= 3 && hashed < 12)
    let hash = try await hasher.hash(password)
    #expect(try await hasher.verify(password, against: hash), "and all goes on")
  }

  /// RFC 9106 has test vectors for secrets and associated data, which passwords don't have; this one is the reference
  /// implementation's.
  @Test func hashesAreArgon2id() throws {
    let hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
    let (right, wrong) = (try #require(Password(claimed: "password")), try #require(Password(claimed: "passwort")))
    #expect(try Argon2.verify(right, against: hash))
    #expect(try !Argon2.verify(wrong, against: hash))
  }
}
