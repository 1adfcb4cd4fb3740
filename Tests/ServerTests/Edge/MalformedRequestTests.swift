import Foundation
import HummingbirdTesting
import Testing

@testable import Application
@testable import Server

/// Requests that are no HTTP, or could be read in two ways (RFC 9112): refused, and the connection with them.
@Suite struct MalformedRequestTests {
  private static let track = "POST /api/v1/track HTTP/1.1\r\nHost: localhost\r\n"
  private static let digits = String(repeating: "9", count: 30)

  private static let refused: [(request: String, status: Int)] = [
    ("GET /healthz HTTP/1.1\r\n\r\n", 400),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
    ("GET /healthz HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    ("GET /healthz HTTP/1.1\r\nHost: a, b\r\n\r\n", 400), ("GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
    ("GET /healthz HTTP/1.1\r\nHost: user@a\r\n\r\n", 400), ("GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n", 400),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\n continued\r\n\r\n", 400),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nX-\u{0}: 1\r\n\r\n", 400),
    ("GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n", 400), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ("FETCH /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("hello\r\n\r\n", 400), ("\u{16}\u{3}\u{1}\u{2}\r\n\r\n", 400),
    (track + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    (track + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501),
    (track + "Transfer-Encoding: gzip\r\n\r\n", 400), (track + "Transfer-Encoding: chunked, gzip\r\n\r\n", 400),
    (track + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
    (track + "Transfer-Encoding: identity\r\n\r\n", 400), (track + "Transfer-Encoding: xchunked\r\n\r\n", 400),
    ("POST /api/v1/track HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (track + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (track + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", 400),
    (track + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
    (track + "Content-Length: 2, 2\r\n\r\n{}", 400), (track + "Content-Length: -2\r\n\r\n{}", 400),
    (track + "Content-Length: +2\r\n\r\n{}", 400), (track + "Content-Length: 0x2\r\n\r\n{}", 400),
    (track + "Content-Length: \(digits)\r\n\r\n{}", 400), (track + "Content-Length: 9223372036854775808\r\n\r\n", 413),
    (track + "Content-Length: 9223372036854775807\r\n\r\n", 413),
    ("GET healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET ftp://a/healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("GET http:///healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("GET http://u@a/healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 40_000))\r\n\r\n", 431),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: y\r\n", count: 200))\r\n", 431),
    ("GET /\(String(repeating: "x", count: 40_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 431),
  ]

  @Test func whatIsNoHTTPIsRefusedAndTheConnectionClosed() async throws {
    try await Service.with(.live) { service in
      for (request, status) in Self.refused {
        let socket = try await RawSocket.connect(to: service)
        await socket.trySending(request)
        let answer = try await socket.whole()
        let comment: Comment = "\(request.prefix(120).debugDescription): \(answer.prefix(600))"
        #expect(answer.status == status, comment)
        #expect(answer.answers == 1, comment)
        #expect(answer.field("Connection") == "close", comment)
        #expect(answer.field("Content-Type") == "application/problem+json", comment)
        #expect(answer.field("X-Request-Id") != nil && answer.field("Date") != nil, comment)
        await socket.close()
      }
    }
  }

  @Test func brokenChunkingIsTheClientsFaultAndNoLineInTheLog() async throws {
    let log = LinesOfLog()
    try await Service.with(.live, logger: log.logger) { service in
      let tenant = try await service.open()
      for body in ["xyz\r\n", "2\r\n{}garbage", "ffffffffffffffffff\r\n", "-1\r\n", "2\r\n{}\r\n0\r\nTrailer\r\n\r\n"] {
        let socket = try await RawSocket.connect(to: service)
        let head = Self.track + "Authorization: Bearer \(tenant.key)\r\nTransfer-Encoding: chunked\r\n\r\n"
        try await socket.send(head + body)
        let answer = try await socket.whole()
        #expect(answer.status == 400, "\(body.debugDescription): \(answer)")
        #expect(answer.contains("malformed-request"), "\(body.debugDescription): \(answer)")
        await socket.close()
      }
      // A client that goes in the middle of a body, politely or not.
      let socket = try await RawSocket.connect(to: service)
      try await socket.send(Self.track + "Authorization: Bearer \(tenant.key)\r\nContent-Length: 100\r\n\r\n{")
      await socket.close()
      #expect(try await service.logged(tenant) == 0)
    }
    #expect(log.lines.isEmpty)
  }

  @Test func theAnswersBeforeAreGivenBeforeTheRefusal() async throws {
    try await Service.with(.live) { service in
      let socket = try await RawSocket.connect(to: service)
      let good = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
      try await socket.send(good + good + "GET /healthz HTTP/1.1\r\n\r\n" + good)
      let answer = try await socket.whole()
      #expect(answer.count(of: "HTTP/1.1 200 OK") == 2)
      #expect(answer.count(of: "HTTP/1.1 400 Bad Request") == 1)
      #expect(answer.answers == 3, "what follows what can't be read is not read")
    }
  }

  @Test func whoSendsTooFarAheadIsAnsweredThatFarAndNoFurther() async throws {
    var limits = ServerLimits()
    limits.pipelined = 8
    try await Service.with(.live, limits: limits) { service in
      let socket = try await RawSocket.connect(to: service)
      let request = "GET /.well-known/recount/key HTTP/1.1\r\nHost: a\r\n\r\n"
      try await socket.send(String(repeating: request, count: 5_000))
      let answers = try await socket.whole()
      #expect((8..<5_000).contains(answers.answers))
      #expect(answers.count(of: "Connection: close") == 1)
    }
  }

  private static let served: [(request: String, status: Int, isKept: Bool)] = [
    ("GET http://localhost/healthz HTTP/1.1\r\nHost: other\r\n\r\n", 200, true),
    ("GET HTTP://localhost:80/healthz?#y HTTP/1.1\r\nHost: localhost\r\n\r\n", 200, true),
    ("GET https://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n", 200, true),
    ("GET /healthz HTTP/1.0\r\n\r\n", 200, false),
    ("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, true),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n", 200, false),
    ("GET /healthz HTTP/1.1\r\nHost:\r\n\r\n", 200, true),
    ("GET /healthz HTTP/1.1\r\nhost: [::1]:8080\r\n\r\n", 200, true),
    ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 204, false), ("OPTIONS /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 204, true),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", 200, false),
    (track + "Transfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400, true),
    ("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 200, true), ("HEAD /nothing HTTP/1.1\r\nHost: a\r\n\r\n", 404, true),
    ("HEAD /api/v1/track HTTP/1.1\r\nHost: a\r\n\r\n", 405, true),
  ]

  @Test func whatIsOddButHTTPIsServed() async throws {
    try await Service.with(.live) { service in
      for (request, status, isKept) in Self.served {
        let socket = try await RawSocket.connect(to: service)
        try await socket.send(request)
        let first = try await socket.hear("\r\n\r\n")
        #expect(first.status == status, "\(request.debugDescription): \(first)")
        if isKept {
          // What is left over of one answer would be taken for the next.
          try await socket.send("GET /.well-known/recount/key HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
          let both = try await socket.whole()
          #expect(both.count(of: "HTTP/1.1 200 OK") == (status == 200 ? 2 : 1), "\(request.debugDescription): \(both)")
          if request.hasPrefix("HEAD") {
            #expect(both.contains("\r\n\r\nHTTP/1.1 200 OK"), "nothing follows the head of an answer to HEAD: \(both)")
          }
        } else {
          _ = try await socket.whole()
        }
        await socket.close()
      }
    }
  }
}
