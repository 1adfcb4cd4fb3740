import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOPosix
import Testing

/// Requests that come slowly, or never whole, over real sockets.
@Suite struct SocketTests {
  @Test func halfSentRequestsBlockNobody() async throws {
    try await Service.with(.live) { service in
      let tenant = try await service.open()
      let event = EventText(service.clock).text
      let request = Self.request(event, key: tenant.key, announcing: event.utf8.count + 1)
      let halves = ["P", "POST /api/v1/track HTTP/1.1\r\n", String(request.prefix(80)), request, request]
      var sockets: [any Channel] = []
      for half in halves + halves + halves {
        let socket = try await Self.connect(service)
        try await socket.writeAndFlush(ByteBuffer(string: half))
        sockets.append(socket)
      }
      for _ in 0..<20 {
        #expect(try await service.track(event, key: tenant.key).counts == Counts(accepted: 1))
      }
      for socket in sockets { try await socket.close() }
      #expect(try await service.track(event, key: tenant.key).counts == Counts(accepted: 1))
      #expect(try await service.logged(tenant) == 21, "nothing of a request that never ended is recorded")
    }
  }

  @Test func aSlowRequestIsServedWhileOthersAre() async throws {
    try await Service.with(.live) { service in
      let tenant = try await service.open()
      let event = EventText(service.clock).text
      let slow = Array(Self.request(event, key: tenant.key, announcing: event.utf8.count).utf8)
      let socket = try await Self.connect(service) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
      try await socket.executeThenClose { inbound, outbound in
        for start in stride(from: 0, to: slow.count, by: 40) {
          try await outbound.write(ByteBuffer(bytes: slow[start..<min(start + 40, slow.count)]))
          #expect(try await service.track(event, key: tenant.key).counts == Counts(accepted: 1))
        }
        var answer = ""
        for try await part in inbound {
          answer += String(buffer: part)
          if answer.contains(#""accepted":1"#) { break }
        }
        #expect(answer.hasPrefix("HTTP/1.1 202 Accepted\r\n"))
      }
    }
  }

  @Test func aBodyThatGrowsOverTheLimitUnannouncedIsRefused() async throws {
    try await Service.with(.live) { service in
      let socket = try await Self.connect(service) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
      try await socket.executeThenClose { inbound, outbound in
        let head = "POST /api/v1/track HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        try await outbound.write(ByteBuffer(string: head))
        let chunk = "40000\r\n\(String(repeating: " ", count: 0x40000))\r\n"
        for _ in 0..<21 { try await outbound.write(ByteBuffer(string: chunk)) }
        try await outbound.write(ByteBuffer(string: "0\r\n\r\n"))
        var answer = ""
        for try await part in inbound {
          answer += String(buffer: part)
          if answer.contains("body-too-large") { break }
        }
        #expect(answer.hasPrefix("HTTP/1.1 413 "))
      }
    }
  }

  private static func request(_ body: String, key: String, announcing length: Int) -> String {
    "POST /api/v1/track HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(key)\r\nContent-Length: \(length)\r\n\r\n\(body)"
  }

  private static func connect(_ service: Service) async throws -> any Channel {
    try await bootstrap.connect(host: "localhost", port: try #require(service.client.port)).get()
  }

  private static func connect<T: Sendable>(
    _ service: Service, initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<T>
  ) async throws -> T {
    try await bootstrap.connect(
      host: "localhost", port: try #require(service.client.port), channelInitializer: initializer)
  }

  private static var bootstrap: ClientBootstrap { ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton) }
}
