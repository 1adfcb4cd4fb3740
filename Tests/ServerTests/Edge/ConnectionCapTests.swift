import Foundation
import HummingbirdTesting
import Testing

@testable import Server

/// How many connections there may be, and that holding them keeps nobody out.
@Suite struct ConnectionCapTests {
  private static func limits(_ connections: Int, perAddress: Int) -> ServerLimits {
    var limits = ServerLimits()
    limits.connections = connections
    limits.connectionsPerAddress = perAddress
    return limits
  }

  private static let get = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
  private static let busy = "POST /api/v1/track HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"

  @Test func anAddressHasItsShareAndNoMore() async throws {
    // 127.0.0.1 is the test's own.
    try await Service.with(.live, limits: Self.limits(20, perAddress: 3)) { service in
      var held: [RawSocket] = []
      for _ in 0..<3 {
        held.append(try await RawSocket.connect(to: service, from: "127.0.0.9"))
        try await held.last?.send(Self.busy + "{")
      }
      try await Task.sleep(for: .milliseconds(100))
      let refused = try await RawSocket.connect(to: service, from: "127.0.0.9")
      #expect(try await refused.whole().isEmpty, "all three have requests")
      let other = try await RawSocket.connect(to: service, from: "127.0.0.8")
      try await other.send(Self.get)
      try await other.hear("200 OK")

      await held[0].close()
      // Once the server has heard of it.
      var again = false
      for _ in 0..<100 where !again {
        let socket = try await RawSocket.connect(to: service, from: "127.0.0.9")
        await socket.trySending(Self.get)
        await until("an answer or the end", 5) { socket.isOver || socket.heard.contains("200 OK") }
        again = socket.heard.contains("200 OK")
      }
      #expect(again)
    }
  }

  @Test func theLongestIdleMakesRoomForTheNext() async throws {
    try await Service.with(.live, limits: Self.limits(20, perAddress: 3)) { service in
      let first = try await RawSocket.connect(to: service, from: "127.0.0.9")
      try await Task.sleep(for: .milliseconds(20))
      let second = try await RawSocket.connect(to: service, from: "127.0.0.9")
      let busy = try await RawSocket.connect(to: service, from: "127.0.0.9")
      try await busy.send(Self.busy + "{")
      try await second.send(Self.get)
      try await second.hear("200 OK")
      try await Task.sleep(for: .milliseconds(20))
      let next = try await RawSocket.connect(to: service, from: "127.0.0.9")
      try await next.send(Self.get)
      try await next.hear("200 OK")
      #expect(try await first.whole().isEmpty)
      #expect(!second.isOver && !busy.isOver && !next.isOver)
    }
  }

  @Test func holdingAllThereAreKeepsNobodyOut() async throws {
    try await Service.with(.live, limits: Self.limits(10, perAddress: 5)) { service in
      var held: [RawSocket] = []
      for number in 0..<40 { held.append(try await RawSocket.connect(to: service, from: "127.0.1.\(number % 8 + 1)")) }
      try await Task.sleep(for: .milliseconds(50))
      let open = held.count { !$0.isOver }
      #expect(open <= 10)
      let other = try await RawSocket.connect(to: service, from: "127.0.2.1")
      try await other.send(Self.get)
      try await other.hear("200 OK")
    }
  }

  @Test func aTrustedProxyIsNotHeldToAShare() async throws {
    var people = Service.people
    people.trustedProxies = try #require(TrustedProxies("127.0.0.9"))
    try await Service.with(.live, limits: Self.limits(20, perAddress: 3), people: people) { service in
      var held: [RawSocket] = []
      for _ in 0..<10 {
        held.append(try await RawSocket.connect(to: service, from: "127.0.0.9"))
        try await held.last?.send(Self.get)
        try await held.last?.hear("200 OK")
      }
      #expect(!held.contains { $0.isOver })
    }
  }

  @Test func anIPv6ClientIsItsNetwork() throws {
    func key(_ text: String) throws -> AddressKey { AddressKey(try #require(AddressRange.bytes(text))) }
    #expect(try key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::2"))
    #expect(try key("2001:db8:1:2::1") != key("2001:db8:1:3::1"))
    #expect(try key("192.0.2.1") == key("::ffff:192.0.2.1"))
    #expect(try key("192.0.2.1") != key("192.0.2.2"))
    #expect(try key("0.0.0.1") != key("::"))
  }
}
