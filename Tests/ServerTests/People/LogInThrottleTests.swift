import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// Who guesses at an address keeps nobody but themselves out of it.
@Suite struct LogInThrottleTests {
  private static func logIn(
    _ email: String, _ password: String, from client: String, device: String? = nil, _ service: Service
  ) async throws -> Answer {
    var members = ["email": email, "password": password]
    members["device_token"] = device
    return try await service.post("/api/v1/auth/log-in", members, from: client)
  }

  /// Wrong passwords twice a second from one place; the right one from another.
  @Test func aFloodOfWrongPasswordsKeepsNobodyElseOut() async throws {
    try await Service.with { service in
      let person = try await service.verified()
      try await service.behindProxy { service in
        var refused = 0
        for second in 0..<30 {
          for _ in 0..<2 {
            let wrong = try await Self.logIn(person.email, "wrong", from: "192.0.2.1", service)
            if wrong.status == 429 { refused += 1 }
          }
          let right = try await Self.logIn(person.email, person.password, from: "198.51.100.7", service)
          #expect(right.status == 200, "after \(second) s")
          service.clock.advance(seconds: 1)
        }
        #expect(refused > 40, "the guesser is slowed down")
      }
    }
  }

  /// From many clients: whoever comes from elsewhere is let in, after seconds at most.
  @Test func aSiegeFromManyClientsDelaysTheRightPasswordAndDoesNotRefuseIt() async throws {
    try await Service.with { service in
      let person = try await service.verified()
      let settings = PeopleSettings(evenAnswer: .zero, longestDelay: .milliseconds(200), hashesAreCheap: true)
      try await service.elsewhere { fast in
        for client in 0..<60 {
          for _ in 0..<2 {
            _ = try await fast.people.throttle.takeLogIn(
              digest: try await fast.digest(person.email), client: "203.0.113.\(client)", device: nil)
          }
        }
      }
      try await service.behindProxy(settings) { service in
        let start = ContinuousClock.now
        let right = try await Self.logIn(person.email, person.password, from: "198.51.100.7", service)
        #expect(right.status == 200)
        #expect(ContinuousClock.now - start >= .milliseconds(200), "slowed down")
        // A stranger has two guesses, then waits a minute, and longer each time.
        for expected in [401, 401, 429] {
          #expect(try await Self.logIn(person.email, "wrong", from: "198.51.100.8", service).status == expected)
        }
        service.clock.advance(seconds: 60)
        for expected in [401, 429] {
          #expect(try await Self.logIn(person.email, "wrong", from: "198.51.100.8", service).status == expected)
        }
      }
    }
  }

  /// Were the delay part of the even answer's time, nothing of it would be left.
  @Test func aDelayIsNotTakenFromTheTimeThatEvensTheAnswer() async throws {
    try await Service.with { service in
      let person = try await service.verified()
      let settings = PeopleSettings(
        evenAnswer: .milliseconds(600), longestDelay: .milliseconds(500), hashesAreCheap: true)
      try await service.elsewhere { fast in
        for client in 0..<60 {
          _ = try await fast.people.throttle.takeLogIn(
            digest: try await fast.digest(person.email), client: "203.0.113.\(client)", device: nil)
        }
      }
      try await service.behindProxy(settings) { service in
        let start = ContinuousClock.now
        let answer = try await Self.logIn(person.email, "wrong", from: "198.51.100.7", service)
        #expect(answer.status == 401 && ContinuousClock.now - start >= .milliseconds(1_100))
      }
    }
  }

  /// Who signs up with an address and logs in with that password.
  @Test func whetherAnAddressIsSomebodysIsNotTold() async throws {
    try await Service.with { service in
      let (known, new) = (try await service.verified(), "new@example.com")
      var answers: [Answer] = []
      for email in [known.email, new] {
        let members = ["email": email, "password": "pebbles-under-water"]
        #expect(try await service.post("/api/v1/auth/sign-up", members).status == 202)
        answers.append(try await service.post("/api/v1/auth/log-in", members))
      }
      for answer in answers { answer.expectProblem("wrong-credentials", status: 401) }
      #expect(answers[0]["detail"] == answers[1]["detail"])
    }
  }

  /// The guesser sits behind the same address as the person: an office, a provider's gateway.
  @Test func aKnownDeviceGetsInFromTheGuessersOwnAddressUntilAllSessionsEnd() async throws {
    try await Service.with { service in
      let person = try await service.verified()
      try await service.behindProxy { service in
        let client = "192.0.2.1"
        let first = try await Self.logIn(person.email, person.password, from: client, service)
        let device = try #require(first["device_token"].string)
        for _ in 0..<8 { _ = try await Self.logIn(person.email, "wrong", from: client, service) }
        #expect(try await Self.logIn(person.email, person.password, from: client, service).status == 429)
        // Another last letter, whichever it ends with.
        let forged = String(device.dropLast()) + (device.hasSuffix("A") ? "Q" : "A")
        for made in ["", "nonsense", forged] {
          #expect(
            try await Self.logIn(person.email, person.password, from: client, device: made, service).status == 429)
        }
        let known = try await Self.logIn(person.email, person.password, from: client, device: device, service)
        #expect(known.status == 200)
        // It opens nothing, and gives no more guesses than any client has.
        for _ in 0..<6 {
          #expect(try await Self.logIn(person.email, "wrong", from: client, device: device, service).status == 401)
        }
        #expect(
          try await Self.logIn(person.email, person.password, from: client, device: device, service).status == 429)
        service.clock.advance(seconds: 1)
        let access = try #require(known["access_token"].string)
        #expect(try await service.send(.post, "/api/v1/auth/log-out-everywhere", key: access).status == 200)
        _ = try await Self.logIn(person.email, "wrong", from: client, service)
        #expect(
          try await Self.logIn(person.email, person.password, from: client, device: device, service).status == 429,
          "a stranger again")
      }
    }
  }

  @Test func anothersDeviceIsAStranger() async throws {
    try await Service.with { service in
      let (person, other) = (try await service.verified(), try await service.verified())
      try await service.behindProxy { service in
        let device = try await Self.logIn(other.email, other.password, from: "192.0.2.1", service)["device_token"]
          .string
        for _ in 0..<8 { _ = try await Self.logIn(person.email, "wrong", from: "192.0.2.1", service) }
        #expect(
          try await Self.logIn(person.email, person.password, from: "192.0.2.1", device: device, service).status == 429)
      }
    }
  }

  @Test func aMailedLinkLetsInAndClearsWhatCountedAgainstThePerson() async throws {
    try await Service.with { service in
      let person = try await service.verified()
      try await service.behindProxy { service in
        for _ in 0..<8 { _ = try await Self.logIn(person.email, "wrong", from: "192.0.2.1", service) }
        let asked = try await service.post(
          "/api/v1/auth/request-reset", ["email": person.email], from: "192.0.2.1")
        #expect(asked.status == 202)
        let link = try #require(try await service.mailed(.resetPassword, to: person.id))
        let reset = ["token": link, "password": "gravel-and-thistle"]
        #expect(try await service.post("/api/v1/auth/reset", reset, from: "192.0.2.1").status == 200)
        #expect(try await Self.logIn(person.email, "gravel-and-thistle", from: "192.0.2.1", service).status == 200)
      }
    }
  }

  /// What the documentation says a guesser has.
  @Test func aDayHasThisManyGuesses() async throws {
    try await Service.with { service in
      let alone = try await Self.guesses(from: ["192.0.2.1"], service)
      #expect((100...110).contains(alone), "\(alone)")
      let many = (0..<50).map { "198.51.\($0).1" }
      let found = try await Self.guesses(from: many, service)
      #expect((50 * 12...50 * 14 + 110).contains(found), "\(found)")
    }
  }

  /// Each client tries as soon as it may, for a day.
  private static func guesses(from clients: [String], _ service: Service) async throws -> Int {
    let (throttle, digest) = (try service.people.throttle, UUID().uuidString)
    let start = service.clock.now
    var due = Dictionary(uniqueKeysWithValues: clients.map { ($0, start) })
    var taken = 0
    while let (client, time) = due.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }), time < start + Throttle.day {
      service.clock.set(to: max(time, service.clock.now))
      do {
        _ = try await throttle.takeLogIn(digest: digest, client: client, device: nil)
        taken += 1
      } catch let throttled as Throttled {
        due[client] = service.clock.now + .seconds(throttled.seconds)
      }
    }
    service.clock.advance(seconds: 2 * 86_400)
    return taken
  }

  @Test func aThrottleHoldsOverAllServers() async throws {
    try await Service.with { service in
      let other = try People(
        log: try await service.test.another(), queries: Service.queries, settings: Service.people, clock: service.clock)
      for _ in 0..<6 { _ = try await other.throttle.takeLogIn(digest: "d", client: "192.0.2.1", device: nil) }
      let throttle = try service.people.throttle
      await #expect(throws: Throttled.self) {
        try await throttle.takeLogIn(digest: "d", client: "192.0.2.1", device: nil)
      }
      _ = try await throttle.takeLogIn(digest: "another", client: "192.0.2.1", device: nil)
      _ = try await throttle.takeLogIn(digest: "d", client: "192.0.2.2", device: nil)
    }
  }

  @Test func aClientIsSlowedDownWhateverAddressesItTriesAndLeavesNoRowForThem() async throws {
    try await Service.with { service in
      let throttle = try service.people.throttle
      for number in 0..<51 {
        _ = try await throttle.takeLogIn(digest: "\(number)", client: "2001:db8::\(number)", device: nil)
      }
      let rows = try await service.number("SELECT count(*) AS n FROM operations.throttles")
      for number in 0..<20 {
        await #expect(throws: Throttled.self) {
          try await throttle.takeLogIn(digest: "made-up-\(number)", client: "2001:db8::9", device: nil)
        }
      }
      #expect(try await service.number("SELECT count(*) AS n FROM operations.throttles") == rows)
      _ = try await throttle.takeLogIn(digest: "x", client: "2001:db8:0:1::9", device: nil)
    }
  }

  /// The same of what sends mails.
  @Test func aClientThatMailsTooMuchLeavesNoRowForTheAddressesItMakesUp() async throws {
    try await Service.with { service in
      try await service.behindProxy { service in
        func ask(_ number: Int) async throws -> Int {
          let members = ["email": "made-up-\(number)@example.com"]
          return try await service.post("/api/v1/auth/request-reset", members, from: "192.0.2.1").status
        }
        for number in 0..<21 { #expect(try await ask(number) == 202) }
        let rows = try await service.number("SELECT count(*) AS n FROM operations.throttles")
        for number in 100..<120 { #expect(try await ask(number) == 429) }
        #expect(try await service.number("SELECT count(*) AS n FROM operations.throttles") == rows)
      }
    }
  }

  @Test func theTableIsBounded() async throws {
    try await Service.with { service in
      let throttle = try service.people.throttle
      for number in 0..<30 {
        service.clock.advance(seconds: 1)
        _ = try await throttle.takeLogIn(digest: "\(number)", client: nil, device: nil)
      }
      try await throttle.forgetQuiet(now: service.clock.now, keeping: 10)
      #expect(try await service.number("SELECT count(*) AS n FROM operations.throttles") == 10)
      let latest = try await service.number(
        "SELECT count(*) AS n FROM operations.throttles WHERE key LIKE 'log-in:address:29'")
      #expect(latest == 1, "the latest stay")
      service.clock.advance(seconds: 86_401)
      try await ThrottlesJob(people: service.people).run(now: service.clock.now)
      #expect(try await service.number("SELECT count(*) AS n FROM operations.throttles") == 0)
    }
  }

  /// Who knows the access token guesses the password no faster, and who does not keeps nobody from using theirs.
  @Test func thePasswordIsAskedForBySession() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      let other = try await service.logIn(person)
      for _ in 0..<8 {
        _ = try await service.post("/api/v1/auth/log-in", ["email": person.email, "password": "wrong"])
      }
      func change(_ current: String, as who: Service.SignedUp) async throws -> Int {
        let members = ["current_password": current, "new_password": "short"]
        return try await service.post("/api/v1/me/password", members, key: who.access).status
      }
      for expected in [403, 403, 403, 403, 403, 403, 429] {
        #expect(try await change("wrong", as: other) == expected)
      }
      #expect(try await change(person.password, as: person) == 400, "the right one is looked at: only the new won't do")
    }
  }
}

extension Service {
  /// What commands of people are made of, at the test's time.
  var people: People {
    get throws { try People(log: test.log, queries: Self.queries, settings: Self.people, clock: clock) }
  }

  fileprivate func digest(_ email: String) async throws -> String {
    try await Vault(pool: test.log.pool).digest(try #require(EmailAddress(email)))
  }
}
