import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// What every answer says to browsers and caches, whatever it is.
@Suite struct AnswerHeaderTests {
  private static func expectHeaders(_ answer: String, isSecure: Bool = true, _ comment: Comment) {
    #expect(answer.field("X-Content-Type-Options") == "nosniff", comment)
    let policy = answer.field("Content-Security-Policy") ?? ""
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"] {
      #expect(policy.contains(part), comment)
    }
    #expect(answer.field("Referrer-Policy") == "no-referrer", comment)
    #expect(answer.field("Strict-Transport-Security") == (isSecure ? "max-age=31536000" : nil), comment)
    for name in ["X-Content-Type-Options", "Content-Security-Policy", "Cache-Control", "Date", "X-Request-Id"] {
      #expect(answer.lowercased().count(of: "\r\n\(name.lowercased()):") == 1, "\(comment): \(name)")
    }
  }

  /// One request on a connection of its own.
  private static func ask(_ request: String, of service: Service) async throws -> String {
    let socket = try await RawSocket.connect(to: service)
    await socket.trySending(request)
    let answer = try await socket.whole()
    await socket.close()
    return answer
  }

  private static func request(_ method: String, _ path: String, _ fields: String = "", body: String = "") -> String {
    "\(method) \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private static let everybodys: Set = [
    "/openapi.json", "/.well-known/recount/key", "/.well-known/recount/checkpoints",
  ]

  @Test func everyRouteSaysThemToEverybody() async throws {
    try await Service.with(.live, isSecure: true) { service in
      let tenant = try await service.open()
      try await CheckpointsJob(log: service.test.log, keys: service.signing).run(now: service.clock.now)
      for (route, entry) in RouteRights.all.sorted(by: { $0.key < $1.key }) {
        let parts = route.split(separator: " ").map(String.init)
        let path = parts[1].replacing("{project_id}", with: tenant.projectID.uuidString.lowercased())
          .replacing(/\{\w+\}/, with: "0")
        let key = "Authorization: Bearer \(tenant.key)\r\n"
        for (method, fields) in [(parts[0], ""), (parts[0], key), ("HEAD", key), ("PUT", "")] {
          let body = ["GET", "HEAD"].contains(method) ? "" : entry.body
          let answer = try await Self.ask(Self.request(method, path, fields, body: body), of: service)
          let comment: Comment = "\(method) \(path): \(answer.prefix(900))"
          Self.expectHeaders(answer, comment)
          #expect((answer.status ?? 0) >= 200, comment)
          let isPublic = ["GET", "HEAD"].contains(method) && Self.everybodys.contains(path) && answer.status == 200
          // With a tag to ask by, it may be kept by whoever asked.
          let mayBeKept = answer.field("ETag") != nil && answer.field("Cache-Control") == "private, no-cache"
          #expect(answer.field("Cache-Control") == "no-store" || isPublic || mayBeKept, comment)
        }
      }
    }
  }

  @Test func everyKindOfRefusalSaysThem() async throws {
    var limits = ServerLimits()
    limits.head = .milliseconds(200)
    limits.grace = .milliseconds(200)
    try await Service.with(.live, limits: limits, isSecure: true) { service in
      let track = "POST /api/v1/track HTTP/1.1\r\nHost: a\r\n"
      for (request, status) in [
        ("GET / HTTP/1.1\r\n\r\n", 400), ("nonsense\r\n\r\n", 400), (track + "Content-Length: x\r\n\r\n", 400),
        (track + "Transfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        (track + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
        ("GET /healthz HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 40_000))\r\n\r\n", 431),
        ("GET /healthz HTTP/1.1\r\nHost: a\r\n", 408), (track + "Content-Length: 9\r\n\r\n", 408),
        (track + "Content-Length: 9000000\r\n\r\n", 413), (Self.request("GET", "/nothing"), 404),
        (Self.request("BREW", "/nothing"), 400), (Self.request("PUT", "/healthz"), 405),
        (Self.request("POST", "/api/v1/track", body: "{}"), 400), ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 204),
        ("HEAD /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
      ] {
        let answer = try await Self.ask(request, of: service)
        Self.expectHeaders(answer, "\(request.prefix(100).debugDescription): \(answer)")
        #expect(answer.status == status, "\(request.prefix(100).debugDescription): \(answer)")
        #expect(answer.field("Cache-Control") == "no-store")
      }
    }
  }

  @Test func browsersAreToldToComeByHTTPSOnlyWhereThatIsServed() async throws {
    try await Service.with(.live) { service in
      for path in ["/healthz", "/nothing"] {
        Self.expectHeaders(try await Self.ask(Self.request("GET", path), of: service), isSecure: false, "\(path)")
      }
    }
  }

  @Test(arguments: ["/openapi.json", "/.well-known/recount/key", "/.well-known/recount/checkpoints?format=json"])
  func whatIsPublicMayBeKeptAndIsNotSentTwice(path: String) async throws {
    try await Service.with { service in
      let first = try await service.get(path)
      #expect(first.status == 200)
      #expect(first.header("Cache-Control")?.hasPrefix("public, max-age=") == true)
      let tag = try #require(first.headers[.eTag])
      for header in [tag, "W/\(tag)", "\"x\", \(tag) ", "*"] {
        let again = try await service.client.executeRequest(
          uri: path, method: .get, headers: [.ifNoneMatch: header], body: nil)
        #expect(again.status == .notModified, "\(header)")
        #expect(again.body.readableBytes == 0)
        #expect(again.headers[.eTag] == tag)
      }
      let other = try await service.client.executeRequest(
        uri: path, method: .get, headers: [.ifNoneMatch: "\"x\""], body: nil)
      #expect(other.status == .ok)
    }
  }
}
