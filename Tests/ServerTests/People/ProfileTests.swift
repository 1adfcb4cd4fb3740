import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import Server
import TestDatabase
import Testing

@Suite struct ProfileTests {
  @Test func aChangeIsAnsweredWithWhatIsNowAndLeavesTheRest() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      func change(_ members: [String: String?]) async throws -> Answer {
        try await service.send(.patch, "/api/v1/me", members, key: person.access)
      }
      let named = try await change(["name": "  Zoë K. "])
      #expect(named.status == 200 && named["name"] == "Zoë K." && named["time_zone"] == .null)
      let zoned = try await change(["time_zone": "Europe/Berlin"])
      #expect(zoned["name"] == "Zoë K." && zoned["time_zone"] == "Europe/Berlin")
      let nameless = try await change(["name": nil])
      #expect(nameless["name"] == .null && nameless["time_zone"] == "Europe/Berlin")
      #expect(try await service.get("/api/v1/me", key: person.access)["time_zone"] == "Europe/Berlin")
      for (field, text) in [
        ("name", ""), ("name", "a\r\nBcc: b"), ("name", String(repeating: "x", count: 101)), ("name", "\u{202E}x"),
        ("time_zone", "Mars/Olympus"), ("time_zone", "+02:00"), ("time_zone", ""), ("email", "x@example.com"),
      ] {
        let answer = try await change([field: text])
        answer.expectProblem("invalid-parameter", status: 400, "\(field)")
        #expect(answer["field"] == .string(field))
      }
    }
  }

  @Test func anAddressIsChangedByTheLinkSentToTheNewOne() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn("old@example.com")
      func ask(_ email: String, _ password: String) async throws -> Answer {
        try await service.post("/api/v1/me/email", ["email": email, "password": password], key: person.access)
      }
      try await ask("new@example.com", "wrong").expectProblem("wrong-password", status: 403)
      #expect(try await ask("New@Example.com", person.password).status == 202)
      #expect(try await service.get("/api/v1/me", key: person.access)["email"] == "old@example.com")
      let token = try #require(try await service.mailed(.changeEmail, to: person.id))
      let stranger = try await service.loggedIn()
      func confirm(_ key: String) async throws -> Answer {
        try await service.post("/api/v1/me/email/confirm", ["token": token], key: key)
      }
      try await confirm(stranger.access).expectProblem("link-not-valid", status: 400)
      let moved = try await confirm(person.access)
      #expect(moved.status == 200 && moved["email"] == "new@example.com" && moved["email_verified"] == .bool(true))
      #expect(try await confirm(person.access).status == 200, "asked again, it is so already")
      #expect(try await service.events("email_changed", of: person.id) == 1)
      _ = try await service.logIn(.init(email: "new@example.com", password: person.password, id: person.id))
      try await service.post("/api/v1/auth/log-in", ["email": "old@example.com", "password": person.password])
        .expectProblem("wrong-credentials", status: 401)
      #expect(try await service.owner(of: "old@example.com") == nil, "the old one is free")
      #expect(try await service.signUp("old@example.com").id != person.id)
    }
  }

  @Test func anAddressThatIsTakenIsToldOnlyToWhoReadsItsMail() async throws {
    try await Service.with { service in
      let (person, other) = (try await service.loggedIn(), try await service.verified("taken@example.com"))
      let members = ["email": "taken@example.com", "password": person.password]
      #expect(try await service.post("/api/v1/me/email", members, key: person.access).status == 202)
      let token = try #require(try await service.mailed(.changeEmail, to: person.id))
      try await service.post("/api/v1/me/email/confirm", ["token": token], key: person.access)
        .expectProblem("email-taken", status: 409)
      #expect(try await service.owner(of: "taken@example.com") == other.id)
    }
  }

  /// Else anybody could keep a person from moving to their own address, by signing up with it.
  @Test func whoSignedUpWithTheAddressAndNeverReadItsMailGivesWay() async throws {
    try await Service.with { service in
      let (person, squatter) = (try await service.loggedIn(), try await service.signUp("mine@example.com"))
      let verification = try #require(try await service.mailed(.verifyEmail, to: squatter.id))
      let members = ["email": "mine@example.com", "password": person.password]
      #expect(try await service.post("/api/v1/me/email", members, key: person.access).status == 202)
      let token = try #require(try await service.mailed(.changeEmail, to: person.id))
      let moved = try await service.post("/api/v1/me/email/confirm", ["token": token], key: person.access)
      #expect(moved.status == 200 && moved["email"] == "mine@example.com")
      #expect(try await service.owner(of: "mine@example.com") == person.id)
      #expect(try await service.events("user_erased", of: squatter.id) == 1, "no copy of the address stays")
      try await service.post("/api/v1/auth/verify", ["token": verification])
        .expectProblem("link-not-valid", status: 400)
      try await service.post("/api/v1/auth/log-in", ["email": "mine@example.com", "password": squatter.password + "!"])
        .expectProblem("wrong-credentials", status: 401)
    }
  }
}
