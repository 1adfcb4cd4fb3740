import Application
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOPosix
import Server
import TestDatabase
import Testing

/// Exports whose clients take nothing.
@Suite struct ExportReaderTests {
  /// 5,000 requests of 2 kB: 12 MB of an export.
  private static func fill(_ service: Service, _ tenant: Service.Tenant) async throws {
    let path = "\"/\(String(repeating: "a", count: 2_000))\""
    let events = [EventText](repeating: EventText(service.clock).with("endpoint", path), count: 1_000)
    for _ in 0..<5 {
      #expect(try await service.track(events.call(), key: tenant.key).counts == Counts(accepted: 1_000))
    }
  }

  /// A socket that asks for an export, and never reads.
  private static func open(_ service: Service, _ tenant: Service.Tenant, _ owner: Service.Person) async throws
    -> any Channel
  {
    let socket = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: false).channelOption(.socketOption(.so_rcvbuf), value: 16_384)
      .connect(host: "localhost", port: try #require(service.client.port)).get()
    let request =
      "GET \(tenant.account)/export HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(owner.token)\r\n\r\n"
    try await socket.writeAndFlush(ByteBuffer(string: request))
    return socket
  }

  @Test(.timeLimit(.whatHangs)) func anExportIsReadNoFurtherAheadThanAFewMegabytes() async throws {
    try await Service.withPools(.live) { service, tracer in
      let (tenant, owner) = try await service.openWithOwner()
      try await Self.fill(service, tenant)
      _ = tracer.statements()
      let socket = try await Self.open(service, tenant, owner)
      var pieces = 0
      var quiet = 0
      // Until nothing has been read for a second.
      while quiet < 20 {
        let read = tracer.statements().count { $0.contains("log.export_cloudevents") }
        (pieces, quiet) = (pieces + read, read == 0 && pieces > 0 ? quiet + 1 : 0)
        try await Task.sleep(for: .milliseconds(50))
      }
      // Of 2 MB each: what the sockets' buffers hold, and one.
      #expect(pieces <= 4)
      try await socket.close()
      let whole = try await service.send(.get, "\(tenant.account)/export", as: owner)
      let read = tracer.statements().count { $0.contains("log.export_cloudevents") }
      #expect(read >= 6, "by bytes, not by events")
      #expect(whole.text.split(separator: "\n").count { $0.contains("request_tracked") } == 5_000)
    }
  }

  @Test(.timeLimit(.whatHangs)) func anAccountHasTwoExportsAtATimeAndLeavesTheOthersPlaces() async throws {
    try await Service.withPools(.live) { service, tracer in
      let (busy, other) = (try await service.openWithOwner(), try await service.openWithOwner())
      func answer(_ opened: (tenant: Service.Tenant, owner: Service.Person)) async throws -> Answer {
        let path = "\(opened.tenant.account)/export?to=2000-01-01T00:00:00Z"
        return try await service.send(.get, path, as: opened.owner)
      }
      try await Self.fill(service, busy.tenant)
      _ = tracer.statements()
      var sockets: [any Channel] = []
      for _ in 0..<2 { sockets.append(try await Self.open(service, busy.tenant, busy.owner)) }
      // Without asking, which would take a turn itself.
      var under = 0
      try await service.eventually("both are under way") {
        under += tracer.statements().count { $0.contains("FROM log.heads") }
        return under >= 2
      }
      let refused = try await answer(busy)
      refused.expectProblem("too-many-at-once", status: 429)
      #expect(refused.header("Retry-After") != nil)
      #expect(try await answer(other).status == 200)
      for socket in sockets { try? await socket.close() }
      try await service.eventually("turns come back") { try await answer(busy).status == 200 }
    }
  }
}
