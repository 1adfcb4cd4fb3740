import Foundation
import LoopbackServer
import RecountClient
import Testing

@Suite struct SendTests {
  private let clock = TestTiming()

  private func send(
    patience: Duration = .seconds(60), random: Double = 1,
    replies: [LoopbackServer.Reply]
  ) async throws -> (Result<TrackReceipt, RecountError>, [LoopbackServer.Request]) {
    try await LoopbackServer.run(reply: { $1 < replies.count ? replies[$1] : .accepted(1) }) { server in
      var configuration = try RecountClient.Configuration(server)
      configuration.retry.patience = patience
      let client = try RecountClient(configuration, timing: clock.timing(random: random))
      let outcome: Result<TrackReceipt, RecountError>
      do throws(RecountError) { outcome = .success(try await client.send(TrackBatch([.sample()]))) } catch {
        outcome = .failure(error)
      }
      try await client.shutdown()
      return (outcome, server.received)
    }
  }

  @Test func postsTheBatchWithItsKeyInAHeaderOnly() async throws {
    let (outcome, requests) = try await send(replies: [])
    #expect(try outcome.get().accepted == 1)
    let request = try #require(requests.first)
    #expect(request.uri == "/api/v1/track")
    #expect(request.authorization == "Bearer sk_test_abc")
    #expect(!request.body.contains("sk_test_abc"))
  }

  @Test func anOverloadedServerGetsTheSameBytesAgain() async throws {
    let (outcome, requests) = try await send(replies: [.answer(status: 503), .answer(status: 500)])
    #expect(try outcome.get().accepted == 1)
    #expect(requests.count == 3)
    #expect(Set(requests).count == 1)
    #expect(clock.sleeps == [.milliseconds(100), .milliseconds(200)])
  }

  @Test func aCutConnectionIsTriedAgain() async throws {
    let (outcome, requests) = try await send(replies: [.hangUp])
    #expect(try outcome.get().accepted == 1)
    #expect(Set(requests).count == 1)
    #expect(requests.count == 2)
  }

  @Test func noWaitIsShorterThanTheServerAsks() async throws {
    let asks = LoopbackServer.Reply.answer(status: 503, headers: ["Retry-After": "7"])
    let (outcome, _) = try await send(random: 0, replies: [asks, .answer(status: 429, headers: ["Retry-After": "3"])])
    #expect(try outcome.get().accepted == 1)
    #expect(clock.sleeps == [.seconds(7), .seconds(3)])
  }

  @Test func patienceEnds() async throws {
    let full = LoopbackServer.Reply.answer(status: 503, body: #"{"status":503,"detail":"full"}"#)
    let replies = [LoopbackServer.Reply](repeating: full, count: 99)
    let (outcome, requests) = try await send(patience: .seconds(1), replies: replies)
    #expect(outcome == .failure(.undeliverable(attempts: 4, last: "the server says: full (status 503)")))
    #expect(requests.count == 4)
  }

  @Test func aUsedUpQuotaIsAnAnswer() async throws {
    let body = #"{"type":"quota-exceeded","status":429,"accepted":0,"duplicates":0,"refused":1,"invalid":0}"#
    let (outcome, requests) = try await send(replies: [.answer(status: 429, headers: ["Retry-After": "9"], body: body)])
    #expect(try outcome.get().refused == 1)
    #expect(requests.count == 1)
  }

  @Test(arguments: [400, 401, 413])
  func aRefusedRequestIsNotTriedAgainAndSaysWhy(_ status: Int) async throws {
    let body = #"{"status":\#(status),"title":"No","detail":"the reason"}"#
    let (outcome, requests) = try await send(replies: [.answer(status: status, body: body)])
    guard case .failure(let error) = outcome else {
      Issue.record("it was taken for an answer")
      return
    }
    #expect("\(error)".contains("the reason (status \(status))"))
    #expect(error.isFinal == (status != 401))
    #expect(requests.count == 1)
  }

  @Test func aPageThatIsNotOursIsNoReceipt() async throws {
    let (outcome, _) = try await send(replies: [.answer(status: 200, body: "<html>")])
    #expect(outcome == .failure(.unexpectedAnswer(status: 200)))
  }

  @Test func nobodyListeningIsSaidInWords() async throws {
    let port = try DeafPort()
    let url = "http://127.0.0.1:\(port.number)"
    var configuration = RecountClient.Configuration(url: try #require(.init(string: url)), key: "k")
    configuration.retry.patience = .zero
    let client = try RecountClient(configuration, timing: clock.timing())
    await #expect {
      try await client.send(TrackBatch([.sample()]))
    } throws: { error in
      "\(error)".contains("no answer from \(url)") && "\(error)".contains("refused")
    }
    try await client.shutdown()
    withExtendedLifetime(port) {}
  }
}
