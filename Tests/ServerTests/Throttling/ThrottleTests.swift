import Application
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOPosix
import Postgres
import Server
import TestDatabase
import Testing

/// What a key that calls too fast is told, by a clock that the test moves.
@Suite struct ThrottleTests {
  @Test func aKeyGetsTenSecondsWorthOfCallsAtOnceAndThenItsRate() async throws {
    try await Service.with(throttle: ThrottleSettings()) { service in
      let tenant = try await service.open(.free)
      let event = EventText(service.clock).text
      for _ in 0..<50 { #expect(try await service.track(event, key: tenant.key).status == 202) }
      let answer = try await service.track(event, key: tenant.key)
      answer.expectProblem("throttled", status: 429)
      #expect(answer["requests_per_second"] == 5)
      #expect(answer["retry_after_seconds"] == 1)
      #expect(answer.header("Retry-After") == "1")
      #expect(
        answer.header("RateLimit-Policy")
          == #""requests";q=50;w=10, "bytes";q=655360;w=10;qu="content-bytes""#)
      #expect(answer.header("RateLimit")?.hasPrefix(#""requests";r=0;t=10, "bytes";r=6"#) == true)
      service.clock.advance(seconds: 1)
      var given = 0
      while try await service.track(event, key: tenant.key).status == 202 { given += 1 }
      #expect((5...6).contains(given))
      #expect(try await service.logged(tenant) == 50 + given, "what was turned away was not recorded")
    }
  }

  @Test func oneKeysHasteIsNoOthersBusiness() async throws {
    try await Service.with(throttle: ThrottleSettings()) { service in
      let (tenant, other) = (try await service.open(.free), try await service.open(.free))
      let second = try await service.issue(for: tenant).key
      let event = EventText(service.clock).text
      while try await service.track(event, key: tenant.key).status == 202 {}
      #expect(try await service.track(event, key: second).status == 202)
      #expect(try await service.track(event, key: other.key).status == 202)
    }
  }

  @Test func moreKeysGiveAnAccountNoMoreThanItMayInAll() async throws {
    try await Service.with(throttle: ThrottleSettings()) { service in
      let (tenant, other) = (try await service.open(.free), try await service.open(.free))
      let event = EventText(service.clock).text
      var given = 0
      for _ in 0..<8 {
        let key = try await service.issue(for: tenant).key
        while try await service.track(event, key: key).status == 202 { given += 1 }
      }
      #expect(given == 200, "eight keys alone would be given 400")
      let answer = try await service.track(event, key: tenant.key)
      answer.expectProblem("throttled", status: 429)
      #expect(answer["requests_per_second"] == 20)
      #expect(answer.text.contains("all keys of the account together"))
      #expect(answer.header("RateLimit-Policy")?.contains("q=200;w=10") == true)
      #expect(try await service.track(event, key: other.key).status == 202)
      let grant = GrantAccount(log: service.test.log, clock: service.clock)
      try await grant(AccountGrant(requestsPerSecond: 100), to: tenant.accountID, because: "a load test")
      try await service.catchUp(only: ["directory"])
      service.clock.advance(seconds: 1)
      for _ in 0..<50 { #expect(try await service.track(event, key: tenant.key).status == 202) }
    }
  }

  @Test func trackedCallsSayWhatIsLeftOfTheQuotaAndOfTheTighterRate() async throws {
    try await Service.with(throttle: ThrottleSettings()) { service in
      let tenant = try await service.open(.free)
      let event = EventText(service.clock)
      let small = try await service.track(event.text, key: tenant.key)
      #expect(
        small.header("RateLimit-Policy")
          == #""month";q=\#(Tier.free.monthlyQuota), "requests";q=50;w=10, "bytes";q=655360;w=10;qu="content-bytes""#)
      #expect(small.header("RateLimit")?.contains(#", "requests";r=49;t=1"#) == true)
      let large = try await service.track([EventText](repeating: event, count: 900).call(), key: tenant.key)
      #expect(large.header("RateLimit")?.contains(#", "bytes";r="#) == true)
      let test = try await service.issue(for: tenant, mode: .test).key
      #expect(try await service.track(event.text, key: test).header("RateLimit")?.contains("\"requests\";r=49") == true)
    }
  }

  /// Refused for quota, invalid, malformed, repeated: each takes a call, in the header or in the body.
  @Test func callsThatAreTurnedDownForAnotherReasonTakeToo() async throws {
    try await Service.with(throttle: ThrottleSettings()) { service in
      let event = EventText(service.clock)
      let bodies = [event.with("method", "\"NO TOKEN\"").text, "{", event.with(id: UUID()).text, "[]"]
      for body in bodies {
        let tenant = try await service.open(.free)
        for _ in 0..<50 { #expect(try await service.track(body, key: tenant.key).status != 429, "\(body)") }
        try await service.track(body, key: tenant.key).expectProblem("throttled", status: 429, "\(body)")
      }
      let tenant = try await service.open(.free)
      let invalid = event.with("api_key", "\"\(tenant.key)\"").with("method", "\"NO TOKEN\"").text
      for _ in 0..<50 { #expect(try await service.track(invalid).status == 400) }
      try await service.track(invalid).expectProblem("throttled", status: 429)
    }
  }

  @Test func bytesCountAsTheyAreSentAndALargeCallIsPaidForAfterwards() async throws {
    try await Service.with(throttle: ThrottleSettings()) { service in
      let event = EventText(service.clock)
      // Far more than the burst of 640 KB: taken, and nothing more for as long as it takes at 64 KB/s.
      let tenant = try await service.open(.free)
      let padding = String(repeating: " ", count: 4_000_000)
      #expect(try await service.track(event.text + padding, key: tenant.key).status == 202)
      let answer = try await service.track(event.text, key: tenant.key)
      answer.expectProblem("throttled", status: 429)
      #expect(answer["bytes_per_second"] == 65_536)
      #expect(answer.header("Retry-After") == "52")
      service.clock.advance(seconds: 51)
      #expect(try await service.track(event.text, key: tenant.key).status == 429)
      service.clock.advance(seconds: 1)
      #expect(try await service.track(event.text, key: tenant.key).status == 202)
      // Compressed, the same is next to nothing.
      let thrifty = try await service.open(.free)
      let body = Gzip.compress(event.text + padding)
      for _ in 0..<20 {
        let answer = try await service.send(
          .post, "/api/v1/track", key: thrifty.key, headers: [.contentEncoding: "gzip"], body: body)
        #expect(answer.status == 202)
      }
    }
  }

  @Test func thereIsNoWayAroundTheBytesByNotAnnouncingThem() async throws {
    try await Service.with(.live, throttle: ThrottleSettings()) { service in
      let tenant = try await service.open(.free)
      let event = EventText(service.clock).text
      let padding = String(repeating: " ", count: 700_000)
      let chunked = try await service.trackInChunks(event + padding, key: tenant.key)
      #expect(chunked.hasPrefix("HTTP/1.1 202 "))
      #expect(try await service.trackInChunks(event, key: tenant.key).hasPrefix("HTTP/1.1 429 "))
      #expect(try await service.track(event, key: tenant.key).status == 429)
    }
  }

  @Test func aGrantLiftsTheRateAndItsEndLowersItAgain() async throws {
    try await Service.with(throttle: ThrottleSettings()) { service in
      let tenant = try await service.open(.free)
      let event = EventText(service.clock).text
      let grant = GrantAccount(log: service.test.log, clock: service.clock)
      let until = service.clock.now + .minutes(1)
      try await grant(
        AccountGrant(requestsPerSecond: 20, until: until), to: tenant.accountID, because: "a load test")
      try await service.catchUp(only: ["directory"])
      for _ in 0..<200 { #expect(try await service.track(event, key: tenant.key).status == 202) }
      let answer = try await service.track(event, key: tenant.key)
      #expect(answer.status == 429)
      #expect(answer["requests_per_second"] == 20)
      service.clock.advance(seconds: 61)
      var given = 0
      while try await service.track(event, key: tenant.key).status == 202 { given += 1 }
      #expect(given == 50)
      // Taken back before its end likewise.
      try await grant(AccountGrant(requestsPerSecond: 30), to: tenant.accountID, because: "another")
      try await grant(AccountGrant(), to: tenant.accountID, because: "it was enough")
      try await service.catchUp(only: ["directory"])
      service.clock.advance(seconds: 61)
      #expect(try await service.track(event, key: tenant.key).header("RateLimit-Policy")?.contains("q=50;w=10") == true)
      try await service.expectReplayIsClean()
    }
  }

  @Test func anUpgradeLiftsTheRate() async throws {
    try await Service.with(throttle: ThrottleSettings()) { service in
      let tenant = try await service.open(.free)
      let event = EventText(service.clock).text
      while try await service.track(event, key: tenant.key).status == 202 {}
      try await service.change(tenant, to: .pro)
      service.clock.advance(seconds: 1)
      var given = 0
      while try await service.track(event, key: tenant.key).status == 202 { given += 1 }
      #expect((50...51).contains(given))
    }
  }

  @Test func aReadModelOfTheReleaseBeforeAnswersUntilItHasBeenRebuilt() async throws {
    try await Service.with(throttle: ThrottleSettings()) { service in
      let tenant = try await service.open(.pro)
      try await service.test.owner.query(
        """
        ALTER TABLE directory.accounts DROP COLUMN granted_requests_per_second, DROP COLUMN granted_bytes_per_second,
          DROP COLUMN granted_until
        """)
      let answer = try await service.track(EventText(service.clock).text, key: tenant.key)
      #expect(answer.status == 202)
      #expect(answer.header("RateLimit-Policy")?.contains("q=500;w=10") == true)
    }
  }

  @Test func eachOfSeveralServersGivesItsShare() async throws {
    var settings = ThrottleSettings()
    settings.servers = ServerCount(2)
    try await Service.with(throttle: settings) { service in
      let tenant = try await service.open(.pro)
      let event = EventText(service.clock).text
      var given = 0
      while try await service.track(event, key: tenant.key).status == 202 { given += 1 }
      #expect(given == 250)
    }
  }
}

extension Service {
  /// Over a connection of its own; the answer's text.
  fileprivate func trackInChunks(_ body: String, key: String) async throws -> String {
    let head =
      "POST /api/v1/track HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer \(key)\r\n"
      + "Transfer-Encoding: chunked\r\n\r\n"
    let text = head + String(body.utf8.count, radix: 16) + "\r\n" + body + "\r\n0\r\n\r\n"
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "localhost", port: try #require(client.port)) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: text))
      var answer = ""
      for try await part in inbound { answer += String(buffer: part) }
      return answer
    }
  }
}
