import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import Application
@testable import Server

/// What bodies take in memory, and who is let in when much of it is taken.
@Suite struct BodyMemoryTests {
  private static var limits: ServerLimits {
    var limits = ServerLimits()
    limits.bodyBytes = 3_000_000
    limits.keylessBodyBytes = 1_000_000
    return limits
  }

  private static func half(_ count: Int, _ field: String = "") -> String {
    "POST /api/v1/track HTTP/1.1\r\nHost: localhost\r\n\(field)Content-Length: 5000000\r\n\r\n"
      + String(repeating: " ", count: count)
  }

  @Test func whoHasNoKeyTakesNoRoomFromThoseWhoHave() async throws {
    try await Service.with(.live, limits: Self.limits) { service in
      let tenant = try await service.open()
      let key = "Authorization: Bearer \(tenant.key)\r\n"
      var held: [RawSocket] = []
      for _ in 0..<2 {
        held.append(try await RawSocket.connect(to: service))
        try await held.last?.send(Self.half(400_000))
      }
      let tooMany = try await RawSocket.connect(to: service)
      try await tooMany.send(Self.half(400_000))
      let answer = try await tooMany.whole()
      #expect(answer.status == 503)
      #expect(answer.field("Retry-After") == "1")
      #expect(answer.contains("problems/overloaded"))

      // Those with a key have room, until that too is taken.
      let large = EventText(service.clock).text + String(repeating: " ", count: 1_000_000)
      #expect(try await service.track(large, key: tenant.key).counts == Counts(accepted: 1))
      for _ in 0..<2 {
        held.append(try await RawSocket.connect(to: service))
        try await held.last?.send(Self.half(900_000, key))
      }
      let one = try await RawSocket.connect(to: service)
      try await one.send(Self.half(900_000, key))
      #expect(try await one.whole().status == 503)

      // What is small is let in all the while, with a key or without.
      let small = EventText(service.clock).with("api_key", "\"\(tenant.key)\"").text
      #expect(try await service.track(small).counts == Counts(accepted: 1))
      let logIn = try await service.send(
        .post, "/api/v1/auth/log-in", body: ByteBuffer(string: #"{"email": "a@example.com", "password": "b"}"#))
      #expect(logIn.status == 401)

      // And all of it is given back, once the server has heard that they are gone.
      for socket in held { await socket.close() }
      let whole = small + String(repeating: " ", count: 900_000)
      let head = "POST /api/v1/track HTTP/1.1\r\nHost: a\r\nContent-Length: \(whole.utf8.count)\r\n\r\n"
      var status: Int?
      for _ in 0..<100 where status != 202 {
        let socket = try await RawSocket.connect(to: service)
        await socket.trySending(head + whole)
        await until("an answer") { socket.heard.status != nil || socket.isOver }
        status = socket.heard.status
        await socket.close()
      }
      #expect(status == 202)
    }
  }

  @Test func whatIsInflatedCountsToo() async throws {
    var limits = Self.limits
    limits.bodyBytes = 400_000
    try await Service.with(.live, limits: limits) { service in
      let tenant = try await service.open()
      let body = EventText(service.clock).text + String(repeating: " ", count: 500_000)
      let answer = try await service.send(
        .post, "/api/v1/track", key: tenant.key, headers: [.contentEncoding: "gzip"], body: Gzip.compress(body))
      answer.expectProblem("overloaded", status: 503)
    }
  }

  @Test func theBooksBalance() {
    let budget = BodyBudget(Self.limits)
    do {
      let account = BodyAccount(budget)
      #expect(account.take(900_000, hasKey: false))
      #expect(!account.take(200_000, hasKey: false))
      #expect(account.take(2_000_000, hasKey: true))
      #expect(!account.take(200_000, hasKey: true), "in all")
      #expect(account.takeExtra(50_000, hasKey: true))
      #expect(budget.bytes == 2_950_000)
      account.answered(2_000_000, hasKey: true)
      #expect(budget.bytes == 900_000)
      account.answered(0, hasKey: true)
      #expect(!account.take(100_001, hasKey: false))
    }
    #expect(budget.bytes == 0)
    let other = BodyAccount(budget)
    #expect(other.take(1_000_000, hasKey: false))
  }
}
