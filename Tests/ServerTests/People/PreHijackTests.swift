import Domain
import EventLog
import Foundation
import HTTPTypes
import NIOCore
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// Somebody signs up with another's address and waits for her to open the mail.
@Suite struct PreHijackTests {
  private static let (his, hers) = ("lurking-42-gravel", "thistle-97-gravel")

  private static func signUp(_ password: String, _ service: Service) async throws -> String {
    let person = try await service.signUp("her@example.com", password: password)
    return try #require(try await service.mailed(.verifyEmail, to: person.id))
  }

  private static func logIn(_ password: String, _ service: Service) async throws -> Answer {
    try await service.post("/api/v1/auth/log-in", ["email": "her@example.com", "password": password])
  }

  @Test(arguments: ["first", "second", "before and after"])
  func herMailsLinkLetsHerInAndNobodyElse(heSignsUp: String) async throws {
    try await Service.with { service in
      var herLink = ""
      for password in heSignsUp == "first"
        ? [Self.his, Self.hers]
        : heSignsUp == "second" ? [Self.hers, Self.his] : [Self.his, Self.hers, Self.his]
      {
        let link = try await Self.signUp(password, service)
        if password == Self.hers { herLink = link }
      }
      #expect(try await service.post("/api/v1/auth/verify", ["token": herLink]).status == 200)
      try await Self.logIn(Self.his, service).expectProblem("wrong-credentials", status: 401)
      #expect(try await Self.logIn(Self.hers, service).status == 200)
    }
  }

  @Test func ofTwoOpenedLinksTheFirstCountsAndTheOtherOpensNothing() async throws {
    try await Service.with { service in
      let his = try await Self.signUp(Self.his, service)
      let hers = try await Self.signUp(Self.hers, service)
      #expect(try await service.post("/api/v1/auth/verify", ["token": hers]).status == 200)
      for link in [his, hers] {
        try await service.post("/api/v1/auth/verify", ["token": link]).expectProblem("link-not-valid", status: 400)
      }
      #expect(try await Self.logIn(Self.hers, service).status == 200)
      try await Self.logIn(Self.his, service).expectProblem("wrong-credentials", status: 401)
    }
  }

  @Test func beforeAnyLinkIsOpenedNobodyIsLetIn() async throws {
    try await Service.with { service in
      _ = try await Self.signUp(Self.his, service)
      _ = try await Self.signUp(Self.hers, service)
      try await Self.logIn(Self.hers, service).expectProblem("wrong-credentials", status: 401)
      try await Self.logIn(Self.his, service).expectProblem("wrong-credentials", status: 401)
      #expect(try await service.events("session_started") == 0)
    }
  }

  /// Which sign-up would be meant can't be told: the mail lets its reader choose a password.
  @Test func anotherMailPutsNoStrangersPasswordInForce() async throws {
    try await Service.with { service in
      _ = try await Self.signUp(Self.his, service)
      _ = try await Self.signUp(Self.hers, service)
      let id = try #require(try await service.owner(of: "her@example.com"))
      let issued = try await service.events("token_issued", of: id)
      #expect(try await service.post("/api/v1/auth/resend-verification", ["email": "her@example.com"]).status == 202)
      #expect(try await service.events("token_issued", of: id) == issued + 1)
      let link = try #require(try await service.mailed(.resetPassword, to: id))
      let chosen = ["token": link, "password": "another-fine-gravel"]
      #expect(try await service.post("/api/v1/auth/reset", chosen).status == 200)
      #expect(try await Self.logIn("another-fine-gravel", service).status == 200)
      for password in [Self.his, Self.hers] {
        try await Self.logIn(password, service).expectProblem("wrong-credentials", status: 401)
      }
    }
  }

  /// She opened his mail by mistake, and he was quick: her reset ends his session, his key, his invitations and his second owner.
  @Test func aResetEndsWhatHeDidWhileHeWasTakenForHer() async throws {
    try await Service.with { service in
      let his = try await Self.signUp(Self.his, service)
      _ = try await Self.signUp(Self.hers, service)
      #expect(try await service.post("/api/v1/auth/verify", ["token": his]).status == 200)
      let id = try #require(try await service.owner(of: "her@example.com"))
      let thief = service.with(
        try await Self.logIn(Self.his, service), .init(email: "her@example.com", password: Self.his, id: id))
      let loot = try await Loot.take(by: thief, in: service)
      _ = try await service.post("/api/v1/auth/request-reset", ["email": "her@example.com"])
      let link = try #require(try await service.mailed(.resetPassword, to: id))
      let reset = ["token": link, "password": "another-fine-gravel"]
      #expect(try await service.post("/api/v1/auth/reset", reset).status == 200)
      try await service.catchUp()
      service.clock.advance(seconds: 1)
      try await loot.expectWorthless(in: service)
      try await service.get("/api/v1/me", key: thief.access).expectProblem("session-ended", status: 401)
      let me = service.with(
        try await Self.logIn("another-fine-gravel", service), .init(email: "her@example.com", password: "", id: id))
      let members = try await service.get("/api/v1/accounts/\(loot.account)/members", key: me.access)
      #expect(members["members"].elements.map { $0["user_id"].string } == [id.uuidString.lowercased()])
      #expect(members["members"][0]["role"] == "owner")
      let invitations = try await service.get("/api/v1/accounts/\(loot.account)/invitations", key: me.access)
      #expect(invitations["invitations"] == [])
    }
  }

  /// Else anybody could have a stranger's keys ended at their next reset, by signing up with their address.
  @Test func aResetLaterOrOfOneWhoWasNeverContestedLeavesKeysAlone() async throws {
    for rival in [true, false] {
      try await Service.with { service in
        let hers = try await Self.signUp(Self.hers, service)
        if rival { _ = try await Self.signUp(Self.his, service) }
        #expect(try await service.post("/api/v1/auth/verify", ["token": hers]).status == 200)
        let id = try #require(try await service.owner(of: "her@example.com"))
        if rival { service.clock.advance(seconds: 3 * 86_400) }
        _ = try await service.post("/api/v1/auth/sign-up", ["email": "her@example.com", "password": Self.his])
        let me = service.with(
          try await Self.logIn(Self.hers, service), .init(email: "her@example.com", password: Self.hers, id: id))
        let mine = try await Loot.take(by: me, in: service)
        _ = try await service.post("/api/v1/auth/request-reset", ["email": "her@example.com"])
        let link = try #require(try await service.mailed(.resetPassword, to: id))
        let reset = ["token": link, "password": "another-fine-gravel"]
        #expect(try await service.post("/api/v1/auth/reset", reset).status == 200)
        try await service.catchUp()
        service.clock.advance(seconds: 1)
        #expect(try await service.get("/api/v1/usage", key: mine.key).status == 200)
        #expect(try await service.get(mine.link).status == 200)
      }
    }
  }

  /// He signs up, an operator opens an account for her: neither his link, were it opened, nor his password opens it.
  @Test func anAccountOpenedByAnOperatorIsHersAlone() async throws {
    try await Service.with { service in
      let his = try await Self.signUp(Self.his, service)
      let email = try #require(EmailAddress("her@example.com"))
      let opened = try await OpenAccount(
        log: service.test.log, vault: Vault(pool: service.test.log.pool), clock: service.clock)(
          email: email, project: "shop", tier: .pro)
      try await service.post("/api/v1/auth/verify", ["token": his]).expectProblem("link-not-valid", status: 400)
      try await Self.logIn(Self.his, service).expectProblem("wrong-credentials", status: 401)
      let id = try #require(try await service.owner(of: "her@example.com"))
      #expect(try await service.post("/api/v1/auth/resend-verification", ["email": "her@example.com"]).status == 202)
      let link = try #require(try await service.mailed(.resetPassword, to: id))
      #expect(try await service.post("/api/v1/auth/reset", ["token": link, "password": Self.hers]).status == 200)
      #expect(try await Self.logIn(Self.hers, service).status == 200)
      try await service.catchUp()
      #expect(try await service.get("/api/v1/usage", key: opened.apiKey.secret).status == 200, "the operator's key")
    }
  }

  @Test func aFurtherSignUpIsAnsweredAlikeWhetherTheAddressIsKnownVerifiedOrNot() async throws {
    try await Service.with { service in
      _ = try await service.verified("known@example.com")
      _ = try await service.signUp("waiting@example.com")
      var answers: [Answer] = []
      for email in ["known@example.com", "waiting@example.com", "new@example.com"] {
        answers.append(try await service.post("/api/v1/auth/sign-up", ["email": email, "password": Self.hers]))
      }
      #expect(answers.allSatisfy { $0.status == 202 && $0.json == answers[0].json })
    }
  }
}

/// What somebody who is logged in leaves behind: a key, a shared link, a second owner, an invitation.
private struct Loot {
  let account: String
  let key: String
  /// Where a link to the numbers leads.
  let link: String
  /// Of a project in the archive.
  let hiddenKey: String
  let accomplice: Service.SignedUp
  let invitation: String

  static func take(by thief: Service.SignedUp, in service: Service) async throws -> Loot {
    try await service.catchUp(only: ["directory", "people"])
    let accounts = try await service.get("/api/v1/accounts", key: thief.access)
    let account = try #require(accounts["accounts"][0]["account_id"].string)
    let path = "/api/v1/accounts/\(account)"
    let hidden = try await issueKey(of: "hidden", in: path, by: thief, in: service)
    let archived = try await service.post("/api/v1/projects/\(hidden.project)/archive", [:], key: thief.access)
    #expect(archived.status == 200)
    let issued = try await issueKey(of: "p", in: path, by: thief, in: service)
    let shared = try await service.post(
      "/api/v1/projects/\(issued.project)/links", ["name": "l"], key: thief.access)
    let link = try #require(shared["url"].string?.firstMatch(of: /\/shared\/.*/)).output
    let accomplice = try await service.loggedIn()
    let accepted = try await invite(accomplice.email, to: path, by: thief, in: service)
    #expect(
      try await service.post("/api/v1/invitations/accept", ["token": accepted], key: accomplice.access).status == 200)
    let waiting = try await invite("third@example.com", to: path, by: thief, in: service)
    try await service.catchUp()
    for key in [issued.key, hidden.key] { #expect(try await service.get("/api/v1/usage", key: key).status == 200) }
    #expect(try await service.get(path, key: accomplice.access).status == 200)
    #expect(try await service.get(String(link)).status == 200)
    return Loot(
      account: account, key: issued.key, link: String(link), hiddenKey: hidden.key, accomplice: accomplice,
      invitation: waiting)
  }

  private static func issueKey(
    of name: String, in path: String, by person: Service.SignedUp, in service: Service
  ) async throws -> (project: String, key: String) {
    let project = try await service.post("\(path)/projects", ["name": name], key: person.access)
    let id = try #require(project["project_id"].string)
    let key = try await service.post("/api/v1/projects/\(id)/keys", ["name": "k"], key: person.access)
    return (id, try #require(key["api_key"].string))
  }

  private static func invite(
    _ email: String, to path: String, by person: Service.SignedUp, in service: Service
  ) async throws -> String {
    let answer = try await service.post("\(path)/invitations", ["email": email, "role": "owner"], key: person.access)
    #expect(answer.status == 201)
    let id = try #require(answer["invitation_id"].string.flatMap { UUID(uuidString: $0) })
    let account = try #require(answer["account_id"].string.flatMap { UUID(uuidString: $0) })
    let key = try await Secrets(vault: Vault(pool: service.test.log.pool)).key(.mailTokenKey)
    return MailToken(id: id, purpose: MailToken.invitation, owner: account, key: key).text
  }

  func expectWorthless(in service: Service) async throws {
    for key in [key, hiddenKey] {
      try await service.get("/api/v1/usage", key: key).expectProblem("revoked-key", status: 401)
    }
    #expect(try await service.get(link).status == 404)
    try await service.get("/api/v1/accounts/\(account)", key: accomplice.access)
      .expectProblem("account-not-found", status: 404)
    let third = try await service.loggedIn("third@example.com")
    try await service.post("/api/v1/invitations/accept", ["token": invitation], key: third.access)
      .expectProblem("invitation-ended", status: 409)
  }
}
