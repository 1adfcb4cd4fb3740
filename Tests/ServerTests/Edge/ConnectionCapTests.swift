import Foundation
import HummingbirdTesting
import NIOCore
import NIOEmbedded
import Testing

@testable import Application
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
      #expect(await Self.isServed(by: service, from: "127.0.0.9"), "once the server has heard of it")
    }
  }

  /// Whether somebody is served who comes again when he was shut out, as clients do.
  private static func isServed(by service: Service, from address: String) async -> Bool {
    for _ in 0..<100 {
      guard let socket = try? await RawSocket.connect(to: service, from: address) else { continue }
      await socket.trySending(get)
      await until("an answer or the end") { socket.isOver || socket.heard.contains("200 OK") }
      if socket.heard.contains("200 OK") { return true }
    }
    return false
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
      for number in 0..<40 {
        // One that is shut out before it knows that it is connected is over, too.
        guard let socket = try? await RawSocket.connect(to: service, from: "127.0.1.\(number % 8 + 1)") else {
          continue
        }
        held.append(socket)
      }
      await until("all but ten are closed") { held.count { !$0.isOver } <= 10 }
      #expect(held.count { !$0.isOver } <= 10)
      #expect(await Self.isServed(by: service, from: "127.0.2.1"))
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

  @Test func whereNoneIsIdleTheSlowestBodyMakesRoomFirstOneWithoutAKey() async throws {
    try await Service.with(.live, limits: Self.limits(4, perAddress: 2)) { service in
      func hold(_ address: String, _ field: String = "") async throws -> RawSocket {
        let socket = try await RawSocket.connect(to: service, from: address)
        try await socket.send("POST /api/v1/auth/log-in HTTP/1.1\r\nHost: a\r\n\(field)Content-Length: 100\r\n\r\n{")
        try await Task.sleep(for: .milliseconds(100))
        return socket
      }
      // The test's own connections come from 127.0.0.1.
      let keyed = try await hold("127.0.0.5", "Authorization: Bearer a\r\n")
      let first = try await hold("127.0.0.6")
      _ = try await hold("127.0.0.7")
      let last = try await hold("127.0.0.8")
      let other = try await RawSocket.connect(to: service, from: "127.0.0.9")
      try await other.send(Self.get)
      try await other.hear("200 OK")
      await until("the first without a key is gone") { first.isOver }
      #expect(!keyed.isOver && !last.isOver)
    }
  }

  @Test func anIPv6ClientIsItsNetwork() throws {
    func key(_ text: String) throws -> AddressKey { AddressKey(try #require(AddressRange.bytes(text))) }
    #expect(try key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::2"))
    #expect(try key("2001:db8:1:2::1") != key("2001:db8:1:3::1"))
    #expect(try key("192.0.2.1") == key("::ffff:192.0.2.1"))
    #expect(try key("192.0.2.1") != key("192.0.2.2"))
    #expect(try key("0.0.0.1") != key("::"))
    #expect(try key("2001:db8:1:2::1").site == key("2001:db8:1:ff00::1").site)
    #expect(try key("2001:db8:1:2::1").site != key("2001:db8:2:2::1").site)
    #expect(try key("192.0.2.1").site == nil)
  }

  @Test func anIPv6SiteHasHalfOfAll() throws {
    let limits = Self.limits(20, perAddress: 3)
    let table = ConnectionTable(limits, proxies: .none, budget: BodyBudget(limits), logger: Service.silent)
    var held: [EmbeddedChannel] = []
    func admit(_ address: String) throws -> ClientConnection? {
      held.append(EmbeddedChannel())
      let connection = table.admit(try #require(held.last), peer: AddressRange.bytes(address))
      connection?.becomeBusy(clientWaits: false, hasKey: false, at: .now())
      return connection
    }
    for network in 0..<10 { #expect(try admit("2001:db8:1:\(network)::1") != nil) }
    #expect(try admit("2001:db8:1:99::1") == nil)
    #expect(try admit("2001:db8:2:1::1") != nil)
    #expect(table.count == 11)
    _ = try held[0].finish()
    #expect(try admit("2001:db8:1:99::1") != nil, "room again")
    for channel in held { _ = try? channel.finish() }
  }
}
