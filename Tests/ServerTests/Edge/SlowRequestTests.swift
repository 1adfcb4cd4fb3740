import Foundation
import HummingbirdTesting
import NIOCore
import Testing

@testable import Application
@testable import Server

/// Requests that come slowly, or never whole, are not waited for.
@Suite struct SlowRequestTests {
  /// The documented limits, twenty times as fast.
  private static var limits: ServerLimits {
    var limits = ServerLimits()
    limits.idle = .milliseconds(1_500)
    limits.head = .milliseconds(500)
    limits.request = .milliseconds(3_000)
    limits.grace = .milliseconds(250)
    limits.linger = .milliseconds(200)
    return limits
  }

  private static func head(_ key: String? = nil, length: Int = 100_000) -> String {
    let field = key.map { "Authorization: Bearer \($0)\r\n" } ?? ""
    return "POST /api/v1/track HTTP/1.1\r\nHost: localhost\r\n\(field)Content-Length: \(length)\r\n\r\n"
  }

  @Test func aHeadThatComesByTheByteIsAnsweredAndClosed() async throws {
    try await Service.with(.live, limits: Self.limits) { service in
      let socket = try await RawSocket.connect(to: service)
      let start = ContinuousClock.now
      for byte in "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      {
        guard !socket.isOver else { break }
        await socket.trySending(String(byte))
        try await Task.sleep(for: .milliseconds(20))
      }
      let answer = try await socket.whole()
      #expect(answer.status == 408)
      #expect(answer.contains("problems/request-timeout"))
      #expect(ContinuousClock.now - start < .seconds(5))
    }
  }

  @Test func aBodyThatStopsIsAnsweredAndClosed() async throws {
    try await Service.with(.live, limits: Self.limits) { service in
      let tenant = try await service.open()
      // With a key and without, and for a route that reads no body.
      for head in [Self.head(tenant.key), Self.head(), Self.head(length: 5_000_000)] {
        let socket = try await RawSocket.connect(to: service)
        try await socket.send(head + String(repeating: " ", count: 50_000))
        let start = ContinuousClock.now
        let answer = try await socket.whole()
        #expect(answer.status == 408, "\(answer)")
        #expect(answer.field("Connection") == "close")
        #expect(ContinuousClock.now - start < .seconds(5))
      }
    }
  }

  @Test func aBodyThatKeepsItsRateStillHasToEnd() async throws {
    var limits = Self.limits
    // The rate is measured once before the end, over a stretch in which even a busy machine sends more than one part.
    limits.grace = .milliseconds(1_400)
    try await Service.with(.live, limits: limits) { service in
      let socket = try await RawSocket.connect(to: service)
      try await socket.send(Self.head(length: 5_000_000))
      let start = ContinuousClock.now
      while !socket.isOver, ContinuousClock.now - start < .seconds(10) {
        await socket.trySending(String(repeating: " ", count: 10_000))
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(socket.heard.status == 408)
      #expect(socket.heard.contains("did not come within 3 s"))
      #expect((.seconds(2)...(.seconds(8))).contains(ContinuousClock.now - start))
    }
  }

  @Test func aConnectionWithoutARequestIsClosedWithoutAWord() async throws {
    try await Service.with(.live, limits: Self.limits) { service in
      let (mute, once) = (try await RawSocket.connect(to: service), try await RawSocket.connect(to: service))
      try await once.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try await mute.whole().isEmpty)
      #expect(try await once.whole().count(of: "HTTP/1.1") == 1)
    }
  }

  @Test func anAnswerThatIsEarlyIsHeardByWhoStillSends() async throws {
    try await Service.with(.live) { service in
      for _ in 0..<20 {
        let socket = try await RawSocket.connect(to: service)
        let head = "GET /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n"
        await socket.trySending(head)
        for _ in 0..<40 { await socket.trySending(String(repeating: " ", count: 50_000)) }
        let answer = try await socket.whole()
        #expect(answer.status == 404)
        #expect(answer.contains("\"request_id\""), "the whole of it: \(answer)")
        await socket.close()
      }
    }
  }
}
