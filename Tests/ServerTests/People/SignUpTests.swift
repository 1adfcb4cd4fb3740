import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

@Suite struct SignUpTests {
  @Test func fromSignUpToSeeingOneself() async throws {
    try await Service.with { service in
      let person = try await service.signUp("Me@Example.com")
      try await service.post("/api/v1/auth/log-in", ["email": person.email, "password": person.password])
        .expectProblem("wrong-credentials", status: 401)
      let token = try #require(try await service.mailed(.verifyEmail, to: person.id))
      #expect(try await service.post("/api/v1/auth/verify", ["token": token]).status == 200)
      try await service.post("/api/v1/auth/verify", ["token": token]).expectProblem("link-not-valid", status: 400)
      let known = try await service.logIn(person)
      try await service.catchUp(only: ["directory", "people"])
      let me = try await service.get("/api/v1/me", key: known.access)
      #expect(me.status == 200)
      #expect(me["email"] == "me@example.com" && me["email_verified"] == .bool(true))
      #expect(me["accounts"].elements.count == 1)
      #expect(me["accounts"][0]["role"] == "owner" && me["accounts"][0]["tier"] == "free")
      #expect(try await service.events("account_opened") == 1)
    }
  }

  @Test func aKnownAddressGetsTheSameAnswerAndOnlyItsOwnerHears() async throws {
    try await Service.with { service in
      let person = try await service.verified("me@example.com")
      let first = try await service.post(
        "/api/v1/auth/sign-up", ["email": "other@example.com", "password": Service.password])
      let again = try await service.post(
        "/api/v1/auth/sign-up", ["email": "ＭＥ@example.COM", "password": "another-fine-gravel"])
      #expect(again.status == first.status && again.json == first.json)
      #expect(try await service.events("sign_up_repeated", of: person.id) == 1)
      #expect(try await service.events("password_set", of: person.id) == 1)
    }
  }

  @Test func ofManyWhoSignUpAtOnceWithOneAddressOneIsRegistered() async throws {
    try await Service.with { service in
      let other = try People(
        log: try await service.test.another(), queries: Service.queries, settings: Service.people, clock: service.clock)
      let email = try #require(EmailAddress("me@example.com"))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<3 {
          group.addTask {
            let answer = try await service.post(
              "/api/v1/auth/sign-up", ["email": "me@example.com", "password": "thistle-\(number)-gravel"])
            #expect(answer.status == 202)
          }
        }
        group.addTask { try await other.signUp(email, "thistle-9-gravel") }
        try await group.waitForAll()
      }
      #expect(try await service.events("email_claimed") == 1)
      #expect(try await service.events("user_registered") == 1)
      #expect(try await service.events("password_set") == 1)
      #expect(try await service.events("account_opened") == 1)
      #expect(try await service.events("token_issued") == 4, "each has a mail of its own")
    }
  }

  /// A crash after the claim: the address is somebody's who is not there.
  @Test func aSignUpThatBrokeOffIsGoneOnWith() async throws {
    try await Service.with { service in
      let vault = Vault(pool: service.test.log.pool)
      let digest = try await vault.digest(try #require(EmailAddress("me@example.com")))
      let candidate = UUID()
      try await service.test.log.handle(
        .claim(EmailClaimed(emailDigest: digest, userID: candidate)), by: EmailClaim.self,
        on: .email(digest, shards: service.test.log.shards))
      let person = try await service.loggedIn("me@example.com")
      #expect(person.id == candidate)
      #expect(try await service.get("/api/v1/me", key: person.access)["accounts"].elements.count == 1)
    }
  }

  @Test func anotherVerificationMailIsSentWhileTheAddressWaits() async throws {
    try await Service.with { service in
      let person = try await service.signUp()
      let first = try #require(try await service.mailed(.verifyEmail, to: person.id))
      let known = try await service.post("/api/v1/auth/resend-verification", ["email": person.email])
      let unknown = try await service.post("/api/v1/auth/resend-verification", ["email": "nobody@example.com"])
      #expect(known.status == 202 && known.json == unknown.json)
      let second = try #require(try await service.mailed(.verifyEmail, to: person.id))
      #expect(first != second)
      #expect(try await service.post("/api/v1/auth/verify", ["token": first]).status == 200, "the first mail came late")
      try await service.post("/api/v1/auth/verify", ["token": second]).expectProblem("link-not-valid", status: 400)
      _ = try await service.post("/api/v1/auth/resend-verification", ["email": person.email])
      #expect(try await service.events("token_issued", of: person.id) == 2, "nothing waits any more")
    }
  }

  @Test func aLinkExpires() async throws {
    try await Service.with { service in
      let person = try await service.signUp()
      let token = try #require(try await service.mailed(.verifyEmail, to: person.id))
      service.clock.advance(seconds: 3 * 86_400)
      try await service.post("/api/v1/auth/verify", ["token": token]).expectProblem("link-not-valid", status: 400)
    }
  }

  @Test func whatWontDoIsNamed() async throws {
    try await Service.with { service in
      let cases: [([String: String], String)] = [
        (["password": Service.password], "email"), (["email": "nonsense", "password": Service.password], "email"),
        (["email": "me@example.com"], "password"), (["email": "me@example.com", "password": "short"], "password"),
        (["email": "me@example.com", "password": "password123"], "password"),
        (["email": "marialopez@example.com", "password": "marialopez99"], "password"),
        (["email": "me@example.com", "password": Service.password, "role": "owner"], "role"),
      ]
      for (members, field) in cases {
        let answer = try await service.post("/api/v1/auth/sign-up", members)
        answer.expectProblem("invalid-parameter", status: 400, "\(members)")
        #expect(answer["field"] == .string(field))
        if let password = members["password"] { #expect(answer["detail"].string?.contains(password) == false) }
      }
      #expect(try await service.events("email_claimed") == 0)
    }
  }

  @Test func nothingPersonalIsInTheLogInTheClear() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn("clearly.me@example.com")
      _ = try await service.send(.patch, "/api/v1/me", ["name": "Clara Klar"], key: person.access)
      let seen = try await service.number(
        """
        SELECT count(*) AS n FROM log.batches
        WHERE events::text ~* 'clearly|Klar|argon2|thistle'
        """)
      #expect(seen == 0)
    }
  }
}

extension People {
  /// As another process does it.
  fileprivate func signUp(_ email: EmailAddress, _ text: String) async throws {
    try await SignUp(people: self)(
      email: email, password: try Password(choosing: text), from: Client(address: Client.unknown, userAgent: "test"))
  }
}
