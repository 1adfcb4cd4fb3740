import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Application
@testable import Server

/// What a connection's own handler keeps count and time of.
@Suite struct ConnectionGuardTests {
  private static func guarded(_ limits: ServerLimits) throws -> (EmbeddedChannel, BodyBudget) {
    let (budget, channel) = (BodyBudget(limits), EmbeddedChannel())
    let connection = ClientConnection(channel: channel, address: nil, budget: budget)
    let handler = ConnectionGuard(limits, headers: AnswerHeaders(isSecure: false), connection: connection)
    try channel.pipeline.syncOperations.addHandler(handler)
    return (channel, budget)
  }

  @Test func onlyTheOldestRequestsBodyIsFreeOfCharge() throws {
    var limits = ServerLimits()
    limits.freeBodyBytes = 1_000
    let (channel, budget) = try Self.guarded(limits)
    for number in 0..<20 {
      let head = HTTPRequestHead(
        version: .http1_1, method: .POST, uri: "/", headers: ["Host": "a", "Content-Length": "900"])
      try channel.writeInbound(HTTPServerRequestPart.head(head))
      try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(repeating: 0, count: 900)))
      try channel.writeInbound(HTTPServerRequestPart.end(nil))
      #expect(budget.bytes == number * 900)
    }
    _ = try channel.finish()
  }

  @Test func aConnectionThatBecomesActiveLateHasItsDeadlines() async throws {
    var limits = ServerLimits()
    limits.idle = .milliseconds(40)
    let (channel, _) = try Self.guarded(limits)
    channel.embeddedEventLoop.advanceTime(by: limits.tick)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
    #expect(channel.isActive)
    // The event loop's clock is the test's, the deadline's is real.
    try await Task.sleep(for: .milliseconds(60))
    channel.embeddedEventLoop.advanceTime(by: limits.tick)
    #expect(!channel.isActive)
  }
}
