import Foundation
import LoopbackServer
import Synchronization
import TestDatabase
import Testing

@testable import Application

/// What becomes of a message that is handed over.
@Suite(.timeLimit(.whatHangs)) struct SlackDeliveryTests {
  private let message = SlackMessage(title: "Hello", paragraphs: [])

  private func answer(
    _ reply: LoopbackServer.Reply, patience: Duration = .seconds(60)
  ) async throws -> (answer: SlackAnswer, received: [LoopbackServer.Request]) {
    try await LoopbackServer.run(reply: { _, _ in reply }) { server in
      let origins = try #require(SlackOrigins(server.url))
      let delivery = SlackDelivery(trusting: origins, resolver: .system, patience: patience)
      let url = try SlackURL("\(server.url)/services/abcd", trusting: origins)
      return (await delivery.post(message, to: url), server.received)
    }
  }

  @Test(arguments: [
    (200, SlackAnswer.delivered), (204, .delivered), (400, .refused(status: 400)), (403, .refused(status: 403)),
    (404, .refused(status: 404)), (410, .refused(status: 410)), (500, .failed(status: 500)),
    (503, .failed(status: 503)),
    (429, .later(.seconds(60))),
  ]) func aStatusSaysWhetherItIsTriedAgain(status: Int, expected: SlackAnswer) async throws {
    let (answer, received) = try await answer(.answer(status: status, body: "no_service"))
    #expect(answer == expected)
    #expect(received.map(\.uri) == ["/services/abcd"])
    #expect(received.first?.body == String(decoding: try message.json, as: UTF8.self))
  }

  @Test func howLongToWaitIsSlacksToSayWithinADay() async throws {
    for (text, seconds) in [("7", 7), ("0", 1), ("-5", 1), ("9999999", 86_400), ("soon", 60)] as [(String, Int64)] {
      let (answer, _) = try await answer(.answer(status: 429, headers: ["Retry-After": text]))
      #expect(answer == .later(.seconds(seconds)), "\(text)")
    }
  }

  @Test func aRedirectIsNotFollowed() async throws {
    let (answer, received) = try await answer(.answer(status: 302, headers: ["Location": "/elsewhere/abcd"]))
    #expect(answer == .refused(status: 302))
    #expect(received.map(\.uri) == ["/services/abcd"])
  }

  @Test func nobodyWhoAnswersIsTriedAgain() async throws {
    for reply in [LoopbackServer.Reply.hangUp, .silence] {
      let (answer, _) = try await answer(reply, patience: .seconds(1))
      guard case .unanswered = answer else {
        Issue.record("\(reply) gave \(answer)")
        continue
      }
    }
    let port = try DeafPort()
    let origins = try #require(SlackOrigins("http://127.0.0.1:\(port.number)"))
    let url = try SlackURL("http://127.0.0.1:\(port.number)/services/abcd", trusting: origins)
    let answer = await SlackDelivery(trusting: origins).post(message, to: url)
    guard case .unanswered = answer else {
      Issue.record("\(answer)")
      return
    }
  }

  @Test func whatIsConnectedToIsTheAddressThatWasChecked() async throws {
    let url = try SlackURL("https://hooks.slack.com/services/abcd", trusting: .none)
    // A name that stands for another address each time it is asked.
    let asked = Mutex(0)
    let rebinding = HostResolver { _ in
      let count = asked.withLock {
        $0 += 1
        return $0
      }
      return [NetworkAddress(count == 1 ? [3, 68, 170, 153] : [127, 0, 0, 1])].compactMap(\.self)
    }
    let delivery = SlackDelivery(trusting: .none, resolver: rebinding)
    #expect(try await delivery.checkedAddress(of: url)?.text == "3.68.170.153")
    await #expect(throws: NoAddress.self) { try await delivery.checkedAddress(of: url) }
    #expect(asked.withLock { $0 } == 2, "once for each message")
  }

  @Test func oneAddressThatLeadsBackToUsIsEnoughToSendNothing() async throws {
    let url = try SlackURL("https://hooks.slack.com/services/abcd", trusting: .none)
    let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 127, 0, 0, 1]
    for bytes in [
      [127, 0, 0, 1], [10, 0, 0, 1], [169, 254, 169, 254], mapped, [UInt8](repeating: 0, count: 15) + [1],
    ] {
      let resolver = HostResolver { _ in [NetworkAddress([3, 68, 170, 153]), NetworkAddress(bytes)].compactMap(\.self) }
      let answer = await SlackDelivery(trusting: .none, resolver: resolver).post(message, to: url)
      guard case .unanswered(let reason) = answer else {
        Issue.record("\(answer)")
        return
      }
      #expect(reason.contains("public") && !reason.contains("abcd"))
    }
  }
}
