import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import LoopbackServer
import NIOCore
import Synchronization
import TestDatabase
import Testing

/// Owners of Business accounts say where notices go in Slack.
@Suite(.timeLimit(.whatHangs)) struct SlackRouteTests {
  /// A server beside a receiver that answers with a status that the test sets.
  private func withReceiver(
    _ body: @escaping @Sendable (Service, LoopbackServer, Status) async throws -> Void
  ) async throws {
    let status = Status()
    try await LoopbackServer.run(reply: { _, _ in .answer(status: status.value, body: "ok") }) { receiver in
      let origins = try #require(SlackOrigins(receiver.url))
      try await Service.with(slack: SlackDelivery(trusting: origins)) { try await body($0, receiver, status) }
    }
  }

  private final class Status: Sendable {
    private let code = Mutex(200)
    var value: Int { code.withLock { $0 } }
    func set(_ value: Int) { code.withLock { $0 = value } }
  }

  private func put(_ body: String, _ path: String, _ service: Service, _ token: String) async throws -> Answer {
    try await service.send(
      .put, path, key: token, headers: [.contentType: "application/json"], body: ByteBuffer(string: body))
  }

  @Test func aChannelIsSetWithATestMessageSeenByItsLastCharactersAndRemoved() async throws {
    try await withReceiver { service, receiver, status in
      let (tenant, owner) = try await service.openWithOwner(.business)
      let path = "/api/v1/accounts/\(tenant.accountID.uuidString.lowercased())/slack"
      #expect(try await service.get(path, key: owner.token)["is_set"] == .bool(false))
      let url = "\(receiver.url)/services/T0/B0/secret-wXyZ"
      let set = try await put(#"{"url": "\#(url)", "topics": ["quota", "keys"]}"#, path, service, owner.token)
      #expect(set.status == 200, "\(set.text)")
      #expect(receiver.received.count == 1 && receiver.received.first?.body.contains("This is a test") == true)
      let seen = try await service.get(path, key: owner.token)
      #expect(seen["is_set"] == .bool(true) && seen["hint"] == "wXyZ" && seen["is_broken"] == .bool(false))
      #expect(seen["topics"].elements.map(\.string) == ["keys", "quota"])
      #expect(!seen.text.contains("secret"))

      // The URL stays where none is sent; what isn't taken changes nothing.
      #expect(try await put(#"{"topics": ["members"]}"#, path, service, owner.token).status == 200)
      #expect(receiver.received.count == 2 && receiver.received[1].uri == "/services/T0/B0/secret-wXyZ")
      status.set(404)
      let refused = try await put(
        #"{"url": "\#(receiver.url)/services/gone", "topics": ["quota"]}"#, path, service, owner.token)
      refused.expectProblem("slack-not-taken", status: 409)
      #expect(!refused.text.contains("services/gone"))
      #expect(try await service.get(path, key: owner.token)["hint"] == "wXyZ")

      let removed = try await service.send(.delete, path, key: owner.token)
      #expect(removed["is_set"] == .bool(false))
      try await put(#"{"topics": ["quota"]}"#, path, service, owner.token)
        .expectProblem("invalid-parameter", status: 400)
    }
  }

  @Test(arguments: [Tier.free, .pro]) func aTierWithoutItIsToldWhichHasIt(tier: Tier) async throws {
    try await withReceiver { service, receiver, _ in
      let (tenant, owner) = try await service.openWithOwner(tier)
      let path = "/api/v1/accounts/\(tenant.accountID.uuidString.lowercased())/slack"
      let answer = try await put(
        #"{"url": "\#(receiver.url)/services/abcd", "topics": ["quota"]}"#, path, service, owner.token)
      answer.expectProblem("tier-lacks", status: 403)
      #expect(answer["tier"] == "business" && answer["detail"].string?.contains("Business") == true)
      #expect(receiver.received.isEmpty)
      // What was granted counts.
      let grant = AccountGrant(tier: .business)
      try await service.test.log.handle(
        .grant(grant, because: "a trial", at: service.clock.now), by: Account.self, on: service.stream(of: tenant))
      let granted = try await put(
        #"{"url": "\#(receiver.url)/services/abcd", "topics": ["quota"]}"#, path, service, owner.token)
      #expect(granted.status == 200)
    }
  }

  @Test func whatIsNoAddressOfSlacksIsNotSentToAndNotRepeated() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner(.business)
      let path = "/api/v1/accounts/\(tenant.accountID.uuidString.lowercased())/slack"
      for url in [
        "http://127.0.0.1:5432/services/hidden", "https://hooks.slack.com@127.0.0.1/services/hidden", "hidden",
      ] {
        let answer = try await put(#"{"url": "\#(url)", "topics": ["quota"]}"#, path, service, owner.token)
        answer.expectProblem("invalid-parameter", status: 400)
        #expect(answer["field"] == "url" && !answer.text.contains("hidden"))
      }
      for topics in ["[]", #"["channels"]"#, #"["everything"]"#, "null"] {
        try await put(
          #"{"url": "https://hooks.slack.com/services/abcd", "topics": \#(topics)}"#, path, service, owner.token
        )
        .expectProblem("invalid-parameter", status: 400)
      }
    }
  }

  @Test func thePageDoesTheSame() async throws {
    try await withReceiver { service, receiver, status in
      let (_, browser) = try await service.browsing()
      let account = try await browser.get("/settings/account").text.hidden("account")
      let refused = try await browser.post(
        "/settings/slack", ["account": account, "url": "\(receiver.url)/services/abcd", "topic-quota": "on"])
      #expect(refused.status == 403 && refused.text.contains("Business has"))
      try await ChangeTier(log: service.test.log)(try #require(UUID(uuidString: account)), to: .business)
      try await service.catchUp(only: ["directory"])
      let saved = try await browser.submit(
        "/settings/slack", ["account": account, "url": "\(receiver.url)/services/wXyZ", "topic-quota": "on"])
      #expect(saved.status == 200 && saved.text.contains("The channel took a test message"))
      #expect(saved.text.contains("<code>wXyZ</code>") && !saved.text.contains("services/wXyZ"))
      status.set(410)
      let gone = try await browser.post(
        "/settings/slack", ["account": account, "url": "\(receiver.url)/services/gone", "topic-quota": "on"])
      #expect(gone.status == 409 && gone.text.contains("Slack answered 410") && !gone.text.contains("services/gone"))
      let none = try await browser.post("/settings/slack", ["account": account])
      #expect(none.status == 400)
      #expect(
        try await browser.submit("/settings/slack/remove", ["account": account]).text.contains("No channel is set."))
    }
  }
}
