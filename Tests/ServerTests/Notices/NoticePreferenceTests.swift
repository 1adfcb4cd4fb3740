import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import NIOCore
import TestDatabase
import Testing

@testable import Server

/// People choose which notices they get by mail.
@Suite(.timeLimit(.whatHangs)) struct NoticePreferenceTests {
  private func put(_ body: String, _ service: Service, _ token: String) async throws -> Answer {
    try await service.send(
      .put, "/api/v1/me/notices", key: token, headers: [.contentType: "application/json"],
      body: ByteBuffer(string: body)
    )
  }

  @Test func whatIsDeclinedIsToldAndCanBeTakenBack() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      let first = try await service.get("/api/v1/me/notices", key: person.access)
      #expect(first["declined"].elements.isEmpty)
      #expect(first["mailed"].elements.map(\.string) == NoticeTopic.byMail.map(\.rawValue))
      let declined = try await put(#"{"declined": ["quota", "payments"]}"#, service, person.access)
      #expect(declined["declined"].elements.map(\.string) == ["payments", "quota"])
      #expect(declined["mailed"].elements.map(\.string) == ["channels"])
      #expect(try await put(#"{"declined": ["quota", "payments"]}"#, service, person.access).status == 200)
      #expect(try await service.count("notice_preferences_set") == 1, "the same again changes nothing")
      #expect(try await put(#"{"declined": []}"#, service, person.access)["declined"].elements.isEmpty)
      for wrong in [#"{"declined": ["members"]}"#, #"{"declined": ["security"]}"#, #"{"declined": null}"#, "{}"] {
        try await put(wrong, service, person.access).expectProblem("invalid-parameter", status: 400)
      }
    }
  }

  @Test func oneClickTurnsMailsOffWithoutLoggingIn() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      let key = try await Secrets(vault: Vault(pool: service.test.log.pool)).key(.mailTokenKey)
      let token = UnsubscribeToken(of: person.id, about: .quota, key: key)
      // As RFC 8058 has it: no cookie, no origin, and a form for a body.
      for _ in 0..<2 {
        let answer = try await service.send(
          .post, "/api/v1/notices/unsubscribe?token=\(token.text)",
          headers: [.contentType: "application/x-www-form-urlencoded"],
          body: ByteBuffer(string: "List-Unsubscribe=One-Click"))
        #expect(answer.status == 200, "\(answer.text)")
      }
      let choice = try await service.get("/api/v1/me/notices", key: person.access)
      #expect(choice["declined"].elements.map(\.string) == ["quota"])
      #expect(try await service.count("notice_preferences_set") == 1)
      let other = UnsubscribeToken(of: UUID(), about: .quota, key: key).text
      for wrong in [other, String(token.text.dropLast(2)), "none", ""] {
        try await service.send(.post, "/api/v1/notices/unsubscribe?token=\(wrong)")
          .expectProblem("link-not-valid", status: 400)
      }
      #expect(
        try await service.get("/api/v1/notices/unsubscribe?token=\(token.text)").status == 405,
        "to look changes nothing")
    }
  }

  @Test func aTokenIsOfOnePersonAndOneTopicAndOpensNothingElse() async throws {
    try await Service.with { service in
      let key = try await Secrets(vault: Vault(pool: service.test.log.pool)).key(.mailTokenKey)
      let user = UUID()
      for topic in NoticeTopic.byMail {
        let token = UnsubscribeToken(of: user, about: topic, key: key)
        #expect(UnsubscribeToken(parsing: token.text, key: key) == token)
        for purpose in TokenIssued.Purpose.allCases.map(\.rawValue) + [MailToken.invitation] {
          #expect(MailToken(parsing: token.text, purpose: purpose, key: key) == nil)
        }
      }
    }
  }

  @Test func thePagesDoTheSame() async throws {
    try await Service.with { service in
      let (person, browser) = try await service.browsing()
      let saved = try await browser.submit("/settings/notices", ["topic-payments": "on"])
      #expect(saved.text.contains("Saved."))
      #expect(saved.text.contains("name=\"topic-payments\" checked"))
      #expect(saved.text.contains("name=\"topic-quota\">"))
      let key = try await Secrets(vault: Vault(pool: service.test.log.pool)).key(.mailTokenKey)
      let token = UnsubscribeToken(of: person.id, about: .payments, key: key).text
      #expect(try await browser.get("/unsubscribe?token=\(token)").text.contains(token))
      #expect(try await service.count("notice_preferences_set") == 1, "to look changes nothing")
      #expect(try await browser.post("/unsubscribe", ["token": token]).status == 303)
      #expect(try await service.count("notice_preferences_set") == 2)
      #expect(try await browser.post("/unsubscribe", ["token": "none"]).status == 400)
    }
  }
}
