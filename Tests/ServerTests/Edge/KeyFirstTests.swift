import Domain
import Foundation
import HummingbirdTesting
import Testing

@testable import Application
@testable import Server

/// The header's key is looked at before a body is taken.
@Suite struct KeyFirstTests {
  private static func head(_ key: String, _ field: String = "") -> String {
    "POST /api/v1/track HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(key)\r\nContent-Length: 4900000\r\n\(field)\r\n"
  }

  @Test func aKeyThatDoesNotWorkIsToldSoBeforeItsBodyIsRead() async throws {
    try await Service.with(.live) { service in
      let tenant = try await service.open()
      let reading = try await service.issue(for: tenant, scopes: [.read]).key
      let unknown = try APIKey(mode: .live, randomBytes: [UInt8](repeating: 7, count: 32)).secret
      for (key, status, kind) in [
        ("sk_live_nonsense", 401, "malformed-key"), (unknown, 401, "unknown-key"), (reading, 403, "missing-scope"),
        ("x y", 401, "malformed-key"),
      ] {
        let socket = try await RawSocket.connect(to: service)
        try await socket.send(Self.head(key) + "{")
        let answer = try await socket.whole()
        #expect(answer.status == status, "\(kind): \(answer)")
        #expect(answer.contains("problems/\(kind)"), "\(kind): \(answer)")
        #expect(answer.field("Connection") == "close", "\(kind)")
        await socket.close()
      }
    }
  }

  @Test func whoAsksFirstIsToldToGoOnOnlyWithAKeyThatWorks() async throws {
    try await Service.with(.live) { service in
      let tenant = try await service.open()
      let socket = try await RawSocket.connect(to: service)
      let event = EventText(service.clock).text
      try await socket.send(Self.head(tenant.key, "Expect: 100-continue\r\n"))
      try await socket.hear("HTTP/1.1 100 Continue\r\n\r\n")
      try await socket.send(event + String(repeating: " ", count: 4_900_000 - event.utf8.count))
      #expect(try await socket.hear("\"accepted\":1").contains("HTTP/1.1 202 Accepted"))

      let other = try await RawSocket.connect(to: service)
      try await other.send(Self.head("sk_live_nonsense", "Expect: 100-continue\r\n"))
      let answer = try await other.whole()
      #expect(answer.status == 401)
      #expect(!answer.contains("100 Continue"))
    }
  }
}
