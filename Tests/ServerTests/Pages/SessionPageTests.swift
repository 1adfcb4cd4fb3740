import Domain
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

/// The way in and out of the pages.
@Suite struct SessionPageTests {
  @Test func whoSignsUpIsLedThroughTheirMailToWhereTheyWereGoing() async throws {
    try await Service.with { service in
      let browser = Browser(service)
      let email = "new@example.com"
      #expect(try await browser.get("/sign-up?tier=pro").text.contains("For the tier Pro"))
      let sent = try await browser.submit(
        "/sign-up", ["email": email, "password": Service.password, "tier": "pro"])
      #expect(sent.status == 200 && sent.text.contains("Look into your mail"))
      let id = try #require(try await service.owner(of: email))
      let token = try #require(try await service.mailed(.verifyEmail, to: id))
      // A scanner opens every link, some twice.
      for _ in 0..<2 { #expect(try await Browser(service).get("/verify?token=\(token)").status == 200) }
      #expect(try await service.events("email_verified", of: id) == 0)
      let verified = try await browser.submit("/verify", ["token": token])
      #expect(verified.text.contains("Your address is verified"))
      let refused = try await browser.post("/verify", ["token": token])
      #expect(refused.status == 400)
      try await service.catchUp()
      let led = try await browser.get("/projects?archived=yes")
      #expect(led.status == 303 && led.headers[.location] == "/log-in?next=%2Fprojects%3Farchived%3Dyes")
      let form = try await browser.get(try #require(led.headers[.location]))
      let next = try await browser.post(
        "/log-in", ["email": email, "password": Service.password, "next": try form.text.hidden("next")])
      #expect(next.headers[.location] == "/projects?archived=yes")
      #expect(try await browser.get("/projects?archived=yes").status == 200)
    }
  }

  @Test func aLogInLeadsToNoOtherHostWhateverItIsAsked() async throws {
    try await Service.with { service in
      let person = try await service.verified()
      for next in [
        "https://evil.example", "//evil.example", "/\\evil.example", "/nothing", "/api/v1/me", "/projects\r\nX: y", "",
        "javascript:alert(1)", "/log-out",
      ] {
        let browser = Browser(service)
        let answer = try await browser.post(
          "/log-in", ["email": person.email, "password": person.password, "next": next])
        #expect(answer.headers[.location] == "/home", "\(next)")
      }
    }
  }

  @Test func aWrongPasswordKeepsTheAddressAndSaysTheSameAsAnUnknownOne() async throws {
    try await Service.with { service in
      let person = try await service.verified()
      let wrong = try await Browser(service).post("/log-in", ["email": person.email, "password": "wrong-password"])
      let unknown = try await Browser(service).post(
        "/log-in", ["email": "x@example.com", "password": "wrong-password"])
      #expect(wrong.status == 401 && unknown.status == 401)
      #expect(wrong.text.contains("value=\"\(person.email)\""))
      #expect(wrong.text.replacing(person.email, with: "") == unknown.text.replacing("x@example.com", with: ""))
    }
  }

  @Test func aSessionThatEndsElsewhereEndsHere() async throws {
    try await Service.with { service in
      let (person, browser) = try await service.browsing()
      #expect(try await browser.get("/projects").status == 200)
      let stolen = Browser(service)
      await stolen.show(await browser.cookies)
      let out = try await browser.post("/log-out")
      #expect(out.status == 303)
      // Nothing that the back button could show to whoever comes next.
      #expect(out.header("Clear-Site-Data") == "\"cache\"")
      service.clock.advance(seconds: 1)
      let turnedAway = try await stolen.get("/projects")
      #expect(turnedAway.status == 303 && turnedAway.headers[.location]?.hasPrefix("/log-in") == true)
      // Twice is no error.
      #expect(try await browser.post("/log-out").status == 303)
      let again = try await service.logIn(person)
      let other = Browser(service)
      _ = try await other.post("/log-in", ["email": person.email, "password": person.password])
      #expect(try await service.post("/api/v1/auth/log-out-everywhere", [:], key: again.access).status == 200)
      service.clock.advance(seconds: 1)
      #expect(try await other.get("/projects").status == 303)
    }
  }

  @Test func whoComesBackStaysLoggedInAndWhoDoesNotIsLoggedOutAfterThirtyDays() async throws {
    try await Service.with { service in
      let (person, browser) = try await service.browsing()
      #expect(try await service.events("session_refreshed", of: person.id) == 0)
      for _ in 0..<3 {
        service.clock.advance(seconds: 20 * 86_400)
        // Two tabs at once show the same cookie, and neither ends the session.
        async let one = browser.get("/projects")
        async let other = browser.get("/projects?archived=yes")
        let statuses = try await [one.status, other.status]
        #expect(statuses == [200, 200])
      }
      #expect(try await service.events("session_refreshed", of: person.id) >= 3)
      service.clock.advance(seconds: 31 * 86_400)
      #expect(try await browser.get("/projects").status == 303)
    }
  }

  @Test func theCookieOpensNothingOfTheAPIAndAnAccessTokenNoPage() async throws {
    try await Service.with { service in
      let (person, browser) = try await service.browsing()
      let cookies = await browser.cookies
      let header = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
      let answer = try await service.send(.get, "/api/v1/me", headers: [.cookie: header])
      answer.expectProblem("missing-token", status: 401)
      for value in cookies.values {
        #expect(try await service.get("/api/v1/me", key: value).status == 401)
        #expect(try await service.refresh(value).status == 401)
      }
      let tokens = try await service.logIn(person)
      #expect(try await service.get("/projects", key: tokens.access).status == 303)
      let name = try #require(cookies.keys.first { $0.hasPrefix("recount-") && !$0.contains("device") })
      for text in [tokens.access, tokens.refresh, "", "x"] {
        let forged = Browser(service)
        await forged.show([name: text])
        #expect(try await forged.get("/projects").status == 303)
      }
    }
  }

  @Test func cookiesOfAnotherInstanceOnTheSameHostAreNotTouched() async throws {
    try await Service.with { one in
      let (_, browser) = try await one.browsing()
      let theirs = await browser.cookies
      try await Service.with { other in
        // The databases of tests are copies of one; each installation draws its own.
        try await other.test.owner.query(
          "UPDATE vault.secrets SET value = sha256('another installation'::bytea) WHERE name = 'jwt_key'")
        let (_, second) = try await other.browsing()
        let ours = await second.cookies
        #expect(Set(theirs.keys).isDisjoint(with: ours.keys))
        await second.show(theirs.merging(ours) { $1 })
        #expect(try await second.get("/projects").status == 200)
        _ = try await second.post("/log-out")
        let left = await second.cookies
        #expect(theirs.allSatisfy { left[$0.key] == $0.value })
      }
    }
  }

  @Test func byHTTPSTheCookieIsBoundToTheHost() async throws {
    try await Service.with(isSecure: true) { service in
      let person = try await service.verified()
      let answer = try await Browser(service).post("/log-in", ["email": person.email, "password": person.password])
      let lines = answer.headers[values: .setCookie]
      #expect(lines.contains { $0.hasPrefix("__Host-recount-") })
      for line in lines {
        #expect(line.contains("Secure") && line.contains("HttpOnly") && line.contains("SameSite=Lax"))
        #expect(line.contains("Path=/") && !line.contains("Domain"))
      }
    }
  }
}
