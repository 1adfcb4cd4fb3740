import Domain
import EventLog
import Foundation
import HummingbirdTesting
import Logging
import Synchronization
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// Counting in Redis: exactly while it is there, and nobody waits for it when it isn't.
@Suite(.timeLimit(.whatHangs), .serialized) struct SharedBucketsTests {
  private static let one = CallCost(requests: 1, bytes: 100)

  /// Patient: what is tested is what it decides, on a machine that does much else.
  private func connect(
    _ redis: PrivateRedis, deadline: Duration = .seconds(5), logger: Logger = Service.silent
  ) throws -> SharedBuckets {
    SharedBuckets(try #require(RedisAddress(redis.url)), deadline: deadline, logger: logger)
  }

  private func becomesReachable(_ buckets: SharedBuckets, _ value: Bool = true) async throws {
    let end = ContinuousClock.now + .seconds(120)
    while buckets.isReachable != value {
      guard ContinuousClock.now < end else {
        Issue.record("did not become \(value ? "reachable" : "unreachable")")
        return
      }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test func twoServersTogetherGiveExactlyTheRate() async throws {
    try await PrivateRedis.with { redis in
      let servers = [try connect(redis), try connect(redis)]
      for server in servers { try await becomesReachable(server) }
      let key = UUID()
      let start = ContinuousClock.now
      let answers = await withTaskGroup(of: Bool?.self) { group in
        for index in 0..<2_000 {
          group.addTask {
            await servers[index % 2].take(Self.one, for: key, of: UUID(), at: CallRates(ofKey: Tier.pro.callRate))?
              .isGiven
          }
        }
        return await group.reduce(into: [Bool?]()) { $0.append($1) }
      }
      let seconds = Int((ContinuousClock.now - start).components.seconds) + 1
      #expect(!answers.contains(nil))
      let given = answers.count { $0 == true }
      #expect((500...500 + 50 * seconds).contains(given), "the burst of 500, and 50 for each second that it took")
      for server in servers { server.close() }
    }
  }

  @Test func manyKeysOfAnAccountGetNoMoreThanTheAccountOverAllServers() async throws {
    try await PrivateRedis.with { redis in
      let servers = [try connect(redis), try connect(redis)]
      for server in servers { try await becomesReachable(server) }
      let (account, keys) = (UUID(), (0..<20).map { _ in UUID() })
      let rates = CallRates(ofKey: Tier.free.callRate)
      let start = ContinuousClock.now
      var given = 0
      for call in 0..<800 {
        let answer = await servers[call % 2].take(Self.one, for: keys[call % 20], of: account, at: rates)
        if try #require(answer).isGiven { given += 1 }
      }
      let seconds = Int((ContinuousClock.now - start).components.seconds) + 1
      #expect((200...200 + 20 * seconds).contains(given))
      for server in servers { server.close() }
    }
  }

  @Test func theAPIOfTwoServersGivesOneRateOverHTTP() async throws {
    try await PrivateRedis.with { redis in
      var settings = ThrottleSettings()
      settings.shared = try connect(redis)
      try await becomesReachable(try #require(settings.shared))
      var others = ThrottleSettings()
      others.shared = try connect(redis)
      try await becomesReachable(try #require(others.shared))
      try await Service.with(throttle: settings) { [others] service in
        let tenant = try await service.open(.free)
        let server = RecountServer(
          log: service.test.log, projections: Service.projections, signing: service.signing, clock: service.clock,
          people: Service.people, throttle: others, patience: .zero, logger: Service.silent)
        try await server.application(host: "127.0.0.1", port: 0).test(.router) { client in
          let second = Service(test: service.test, clock: service.clock, signing: service.signing, client: client)
          let event = EventText(service.clock).text
          let start = ContinuousClock.now
          var given = 0
          for call in 0..<140 {
            let answer = try await (call % 2 == 0 ? service : second).track(event, key: tenant.key)
            if answer.status == 202 { given += 1 } else { answer.expectProblem("throttled", status: 429) }
          }
          let seconds = Int((ContinuousClock.now - start).components.seconds) + 1
          // By the clock of Redis: this test's stands still.
          #expect((50...51 + 5 * seconds).contains(given))
        }
      }
      settings.shared?.close()
      others.shared?.close()
    }
  }

  /// The rule stands twice, in Lua and as a value: the same random sequence gives the same decisions and the same rest.
  @Test(arguments: 0..<4) func luaAndTheValueDecideAlike(seed: Int) async throws {
    try await PrivateRedis.with { redis in
      let shared = try connect(redis)
      try await becomesReachable(shared)
      var random = Seeded(seed)
      let (account, keys) = (UUID(), (0..<3).map { _ in UUID() })
      var kept: [UUID: CallBuckets] = [:]
      func rate() -> CallRate {
        CallRate(
          requestsPerSecond: Int.random(in: 1...40, using: &random),
          bytesPerSecond: Int.random(in: 1...9_999, using: &random))
      }
      for turn in 0..<400 {
        let (key, rates) = (keys[turn % 3], CallRates(key: rate(), account: rate()))
        let cost = CallCost(
          requests: Int.random(in: 0...3, using: &random), bytes: Int.random(in: -1...3_000, using: &random))
        let (isGiven, left) = try #require(await shared.take(cost, for: key, of: account, at: rates))
        let now = left.key.requests.time
        var levels = CallLevels(
          key: kept[key] ?? CallBuckets(rates.key, at: now),
          account: kept[account] ?? CallBuckets(rates.account, at: now))
        #expect(levels.take(cost, at: rates, now: now) == isGiven)
        for (mine, theirs) in [(levels.key, left.key), (levels.account, left.account)] {
          #expect(mine.requests.level == theirs.requests.level)
          #expect(mine.bytes.level == theirs.bytes.level)
        }
        // Redis notes nothing of a call that it turned away.
        if isGiven { (kept[key], kept[account]) = (levels.key, levels.account) }
      }
      shared.close()
    }
  }

  @Test func aRedisThatStopsAnsweringCostsNobodyACallNorMuchTime() async throws {
    try await PrivateRedis.with { redis in
      let shared = try connect(redis, deadline: .milliseconds(100))
      try await becomesReachable(shared)
      let throttle = CallThrottle(shared: shared, servers: ServerCount(), onThrottled: { _ in })
      let source = TelemetrySource(accountID: UUID(), projectID: UUID(), keyID: UUID(), mode: .live)
      await redis.freeze()
      let start = ContinuousClock.now
      for _ in 0..<200 {
        let allowance = try await throttle.take(Self.one, for: source, at: Tier.pro.callRate, now: 0)
        #expect(allowance.isGiven)
      }
      // Only the first waited: else 200 would have taken 20 s.
      #expect(ContinuousClock.now - start < .seconds(5))
      #expect(!shared.isReachable)
      await redis.thaw()
      try await becomesReachable(shared)
      #expect(
        await shared.take(Self.one, for: source.keyID, of: source.accountID, at: CallRates(ofKey: Tier.pro.callRate))
          != nil)
      shared.close()
    }
  }

  @Test func aRedisThatIsKilledAndComesBackIsUsedAgain() async throws {
    try await PrivateRedis.with { redis in
      let shared = try connect(redis)
      try await becomesReachable(shared)
      await redis.stop()
      #expect(await shared.take(Self.one, for: UUID(), of: UUID(), at: CallRates(ofKey: Tier.free.callRate)) == nil)
      try await becomesReachable(shared, false)
      try await redis.start()
      try await becomesReachable(shared)
      #expect(
        await shared.take(Self.one, for: UUID(), of: UUID(), at: CallRates(ofKey: Tier.free.callRate))?.isGiven == true)
      shared.close()
    }
  }

  @Test func aRedisThatIsFullOrWantsAPasswordIsDoneWithout() async throws {
    for settings in [["--maxmemory", "1", "--maxmemory-policy", "noeviction"], ["--requirepass", "secret"]] {
      try await PrivateRedis.with(settings) { redis in
        let shared = try connect(redis)
        #expect(await shared.take(Self.one, for: UUID(), of: UUID(), at: CallRates(ofKey: Tier.free.callRate)) == nil)
        // Several attempts to connect.
        try await Task.sleep(for: .milliseconds(400))
        #expect(!shared.isReachable)
        shared.close()
      }
    }
    try await PrivateRedis.with(["--requirepass", "secret"]) { redis in
      let address = try #require(RedisAddress("unix://:secret@\(redis.socket)?db=3"))
      let shared = SharedBuckets(address, deadline: .seconds(5), logger: Service.silent)
      try await becomesReachable(shared)
      #expect(
        await shared.take(Self.one, for: UUID(), of: UUID(), at: CallRates(ofKey: Tier.free.callRate))?.isGiven == true)
      shared.close()
    }
  }

  @Test func troubleIsLoggedOnce() async throws {
    let lines = LinesOfLog(from: .trace)
    let address = try #require(RedisAddress("unix:///nowhere/redis.sock"))
    let shared = SharedBuckets(address, logger: lines.logger)
    let end = ContinuousClock.now + .seconds(120)
    while lines.count(.debug) < 3, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(10)) }
    #expect(lines.count(.warning) == 1)
    shared.close()
  }

  @Test func aQuietKeyIsForgottenByRedisAndStartsFull() async throws {
    try await PrivateRedis.with { redis in
      let shared = try connect(redis)
      try await becomesReachable(shared)
      let rate = CallRate(requestsPerSecond: 1_000, bytesPerSecond: 1_000_000)
      let key = UUID()
      let first = try #require(
        await shared.take(CallCost(requests: 1, bytes: 1), for: key, of: UUID(), at: CallRates(ofKey: rate)))
      #expect(first.left.key.requests.level == 9_999_000)
      try await Task.sleep(for: .milliseconds(20))
      let second = try #require(
        await shared.take(CallCost(requests: 1, bytes: 1), for: key, of: UUID(), at: CallRates(ofKey: rate)))
      #expect(second.left.key.requests.level == 9_999_000)
      shared.close()
    }
  }
}
