import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import Testing

@testable import Application
@testable import Server

/// Clients that ask for much and take nothing.
@Suite struct SlowReaderTests {
  private static var limits: ServerLimits {
    var limits = ServerLimits()
    limits.stall = .milliseconds(800)
    return limits
  }

  /// A server behind the edge whose one answer never ends, and what becomes of those who write it.
  private static func withEndlessAnswer(_ body: @Sendable (Int, Writer) async throws -> Void) async throws {
    let writer = Writer()
    let router = Router()
    router.get("/endless") { _, _ in
      Response(
        status: .ok,
        body: ResponseBody { outbound in
          defer { writer.ended.add(1, ordering: .relaxed) }
          while true {
            try await outbound.write(ByteBuffer(repeating: 0x20, count: Writer.piece))
            writer.pieces.add(1, ordering: .relaxed)
          }
        })
    }
    let edge = Edge(limits, isSecure: false, proxies: .none, logger: Service.silent)
    let application = Application(
      router: router, server: edge.server, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: edge.watch, logger: Service.silent)
    try await application.test(.live) { client in try await body(try #require(client.port), writer) }
  }

  private final class Writer: Sendable {
    static let piece = 256 << 10
    let pieces = Atomic(0)
    let ended = Atomic(0)
    var bytes: Int { pieces.load(ordering: .relaxed) * Self.piece }
  }

  @Test func whoTakesNothingIsWaitedForAndThenClosed() async throws {
    try await Self.withEndlessAnswer { port, writer in
      let socket = try await RawSocket.connect(port: port, isReading: false)
      let start = ContinuousClock.now
      try await socket.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
      await until("the writer is told") { writer.ended.load(ordering: .relaxed) == 1 }
      // What the kernel takes on both sides of a loopback connection is some megabytes; an endless answer would be gigabytes.
      #expect(writer.bytes < 32 << 20)
      #expect(ContinuousClock.now - start > .milliseconds(700))
      await socket.close()
    }
  }

  @Test func whoReadsIsServedForAsLongAsTheyLike() async throws {
    try await Self.withEndlessAnswer { port, writer in
      let socket = try await RawSocket.connect(port: port)
      try await socket.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
      try await Task.sleep(for: .seconds(2))
      #expect(!socket.isOver)
      #expect(writer.ended.load(ordering: .relaxed) == 0)
      await socket.close()
      await until("the writer is told") { writer.ended.load(ordering: .relaxed) == 1 }
    }
  }

  @Test func whoAsksOnAndOnWithoutReadingIsClosed() async throws {
    try await Service.with(.live, limits: Self.limits) { service in
      let socket = try await RawSocket.connect(to: service, isReading: false)
      let request = "GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
      for _ in 0..<5 { try await socket.send(String(repeating: request, count: 50)) }
      var isGone = false
      for _ in 0..<200 where !isGone {
        try await Task.sleep(for: .milliseconds(50))
        isGone = await socket.isGone
      }
      #expect(isGone)
      await socket.close()
      #expect(try await service.get("/healthz").status == 200)
    }
  }
}
