import Foundation
import HTTPTypes
import NIOCore
import Testing

/// How a body may arrive, and how much of it.
@Suite struct BodyTests {
  private let gzip: HTTPFields = [.contentEncoding: "gzip"]

  @Test func gzipIsAccepted() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let call = [EventText](repeating: EventText(service.clock), count: 500).call()
      let answer = try await service.send(
        .post, "/api/v1/track", key: tenant.key, headers: gzip, body: Gzip.compress(call))
      #expect(answer.counts == Counts(accepted: 500))
    }
  }

  @Test func gzipOfSeveralMembersIsReadAndSoAreZerosAfterTheLast() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let call = [EventText](repeating: EventText(service.clock), count: 5).call()
      let half = call.index(call.startIndex, offsetBy: call.count / 2)
      var members = Gzip.compress(String(call[..<half]))
      members.writeImmutableBuffer(Gzip.compress(""))
      members.writeImmutableBuffer(Gzip.compress(String(call[half...])))
      var padded = members
      padded.writeRepeatingByte(0, count: 1_000)
      for body in [members, padded] {
        let answer = try await service.send(.post, "/api/v1/track", key: tenant.key, headers: gzip, body: body)
        #expect(answer.counts == Counts(accepted: 5))
      }
      var broken = members
      broken.writeImmutableBuffer(Gzip.compress(" ").getSlice(at: 0, length: 12) ?? ByteBuffer())
      padded.writeString("x")
      var between = Gzip.compress(String(call[..<half]))
      between.writeRepeatingByte(0, count: 3)
      between.writeImmutableBuffer(Gzip.compress(String(call[half...])))
      for body in [broken, padded, between] {
        try await service.send(.post, "/api/v1/track", key: tenant.key, headers: gzip, body: body)
          .expectProblem("malformed-body", status: 400)
      }
    }
  }

  @Test func theLimitHoldsForAllMembersTogether() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let member = Gzip.compress(String(repeating: " ", count: 1_000_000))
      var body = ByteBuffer()
      for _ in 0..<5 { body.writeImmutableBuffer(member) }
      body.writeImmutableBuffer(Gzip.compress(EventText(service.clock).text))
      try await service.send(.post, "/api/v1/track", key: tenant.key, headers: gzip, body: body)
        .expectProblem("body-too-large", status: 413)
      let bomb = Gzip.bomb()
      var late = Gzip.compress("{")
      late.writeImmutableBuffer(bomb)
      try await service.send(.post, "/api/v1/track", key: tenant.key, headers: gzip, body: late)
        .expectProblem("body-too-large", status: 413)
    }
  }

  @Test func gzipThatNothingAnnouncesIsToldHowToBeSent() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let body = Gzip.compress(EventText(service.clock).text)
      let answer = try await service.send(.post, "/api/v1/track", key: tenant.key, body: body)
      answer.expectProblem("malformed-body", status: 400)
      #expect(answer["detail"].string?.contains("Content-Encoding: gzip") == true)
      let other = try await service.send(
        .post, "\(tenant.account)/projects", key: owner.token, body: Gzip.compress(#"{"name": "x"}"#))
      other.expectProblem("malformed-body", status: 400)
      #expect(other["detail"].string?.contains("compressed") == true)
    }
  }

  @Test func aByteOrderMarkIsTakenEverywhere() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let call = "\u{FEFF}" + EventText(service.clock).text
      #expect(try await service.track(call, key: tenant.key).counts == Counts(accepted: 1))
      let compressed = try await service.send(
        .post, "/api/v1/track", key: tenant.key, headers: gzip, body: Gzip.compress(call))
      #expect(compressed.counts == Counts(accepted: 1))
      let named = try await service.send(
        .post, "\(tenant.account)/projects", as: owner, "\u{FEFF}" + #"{"name": "store"}"#)
      #expect(named.status == 201 && named["name"] == "store")
      try await service.send(.post, "\(tenant.account)/projects", as: owner, "\u{FEFF}")
        .expectProblem("invalid-parameter", status: 400)
    }
  }

  @Test func gzipThatIsCutOffOrIsNoneOrGoesOnIsRefused() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let call = EventText(service.clock).text
      let whole = Gzip.compress(call)
      let cut = try #require(whole.getSlice(at: 0, length: whole.readableBytes / 2))
      var longer = whole
      longer.writeString("and more")
      for body in [cut, longer, ByteBuffer(string: call), ByteBuffer()] {
        try await service.send(.post, "/api/v1/track", key: tenant.key, headers: gzip, body: body)
          .expectProblem("malformed-body", status: 400)
      }
      #expect(try await service.logged(tenant) == 0)
    }
  }

  @Test func aGzipBombCostsNoMoreThanTheLimit() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let bomb = Gzip.bomb()
      let before = try Self.peakKilobytes()
      let answer = try await service.send(.post, "/api/v1/track", key: tenant.key, headers: gzip, body: bomb)
      answer.expectProblem("body-too-large", status: 413)
      #expect(answer["limit_bytes"] == 5_000_000)
      // 4 GB would be inflated; what other tests take meanwhile is far less than one.
      #expect(try Self.peakKilobytes() - before < 1 << 20)
    }
  }

  @Test func aBodyOverTheLimitIsRefusedAndOneAtTheLimitIsNot() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let event = EventText(service.clock).text
      let full = event + String(repeating: " ", count: 5_000_000 - event.utf8.count)
      #expect(try await service.track(full, key: tenant.key).counts == Counts(accepted: 1))
      try await service.track(full + " ", key: tenant.key).expectProblem("body-too-large", status: 413)
    }
  }

  @Test func anotherEncodingIsRefused() async throws {
    try await Service.with { service in
      let answer = try await service.track(EventText(service.clock).text, headers: [.contentEncoding: "br"])
      answer.expectProblem("unsupported-encoding", status: 415)
    }
  }

  /// The most memory this process has had.
  private static func peakKilobytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return try #require(line?.split(separator: " ").compactMap { Int($0) }.first)
  }
}
