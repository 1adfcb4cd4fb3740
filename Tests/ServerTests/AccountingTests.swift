import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

/// received = accepted + duplicates + refused + invalid: what clients were told is what is counted, whatever they send.
@Suite struct AccountingTests {
  @Test(arguments: 0..<4) func everythingEverAnsweredAddsUp(seed: Int) async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let testKey = try await service.issue(for: tenant, mode: .test).key
      let keys = [tenant.key, tenant.key, testKey]
      var random = Seeded(seed)
      var traffic = RandomTraffic(clock: service.clock)
      var told: [Bool: Counts] = [:]
      for _ in 0..<40 {
        let key = try #require(keys.randomElement(using: &random))
        let call = traffic.next(using: &random)
        let answer = try await service.track(call.text, key: key)
        #expect(answer.counts.received == call.events, "\(answer.json)")
        told[key == tenant.key, default: Counts()] = told[key == tenant.key, default: Counts()] + answer.counts
      }
      try await service.catchUp()
      for (isLive, counts) in told {
        #expect(try await counted(service, tenant, by: isLive ? tenant.key : testKey) == counts)
      }
      let used = try await service.number("SELECT sum(used)::bigint AS n FROM usage.months WHERE mode = 'live'")
      #expect(used == told[true]?.accepted)
    }
  }

  /// What is wholly refused, repeated or invalid is a client's mistake, which must not fill the log for good.
  @Test(arguments: ["refused", "repeated", "invalid", "in conflict"])
  func twoHundredCallsThatNothingIsAcceptedOfCostABatch(
    kind: String
  ) async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let id = UUID()
      let filler = [EventText](repeating: EventText(service.clock), count: kind == "refused" ? 1_000 : 5)
      #expect(try await service.track(filler.call(batch: id), key: tenant.key).status == 202)
      let (body, counts, status): (String, Counts, Int) =
        switch kind {
        case "refused": ([EventText(service.clock)].call(), Counts(refused: 1), 429)
        case "repeated": (filler.call(batch: id), Counts(duplicates: 5), 202)
        case "in conflict": ([EventText(service.clock)].call(batch: id), Counts(invalid: 1), 409)
        default: ([EventText(service.clock).with("status_code", "99")].call(), Counts(invalid: 1), 400)
        }
      let before = try await service.number("SELECT count(*) AS n FROM log.batches")
      for _ in 0..<200 {
        let answer = try await service.track(body, key: tenant.key)
        #expect(answer.status == status)
        #expect(answer.counts == counts)
      }
      #expect(try await service.number("SELECT count(*) AS n FROM log.batches") == before)
      try await service.catchUp()
      #expect(try await service.number("SELECT count(*) AS n FROM log.batches") == before + 1)
      let all = try await counted(service, tenant, by: tenant.key)
      #expect(all.received == filler.count + 200 * counts.received)
      #expect(
        [all.refused, all.duplicates, all.invalid]
          == [counts.refused, counts.duplicates, counts.invalid].map { $0 * 200 })
      #expect(try await service.get("/api/v1/usage", key: tenant.key)["refused"].integer == all.refused)
      try await service.expectReplayIsClean()
    }
  }

  @Test func callsThatAThrottleTurnedAwayAreShownBesideTheEquation() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      #expect(try await service.track(EventText(service.clock).text, key: tenant.key).status == 202)
      let source = TelemetrySource(
        accountID: tenant.accountID, projectID: tenant.projectID, keyID: UUID(), mode: .live)
      for _ in 0..<7 { service.test.log.tallies.noteThrottled(source, at: service.clock.now) }
      try await service.catchUp()
      let span = "from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
      for (interval, list) in [("hour", "hours"), ("day", "days")] {
        let answer = try await service.get("\(tenant.path)/intake?interval=\(interval)&\(span)", key: tenant.key)
        let all = answer[list].elements
        #expect(all.reduce(0) { $0 + $1["throttled"].integer } == 7)
        #expect(all.reduce(0) { $0 + $1["received"].integer } == 1)
      }
      try await service.expectReplayIsClean()
    }
  }

  @Test(arguments: [true, false]) func monthsThatAClientMakesUpAreTalliedAsOne(isBatch: Bool) async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let events = (0..<5_000).map { index in
        let (year, month) = (String(format: "%04d", index / 12 + 1_000), String(format: "%02d", index % 12 + 1))
        let event = EventText(service.clock).with("timestamp", "\"\(year)-\(month)-15T00:00:00Z\"")
        return isBatch ? event : event.with(id: UUID())
      }
      let answer = try await service.track(events.call(batch: isBatch ? UUID() : nil), key: tenant.key)
      answer.expectProblem("invalid-event", status: 400)
      #expect(answer.counts == Counts(invalid: 5_000))
      try await service.test.log.writeTallies()
      #expect(
        try await service.number("SELECT count(*) AS n FROM log.events WHERE type = 'intake_tallied'") == 1)
      try await service.catchUp()
      #expect(try await counted(service, tenant, by: tenant.key) == Counts(invalid: 5_000))
    }
  }

  /// As the API shows it to a key, of its own mode, hour by hour, each of which adds up.
  private func counted(_ service: Service, _ tenant: Service.Tenant, by key: String) async throws -> Counts {
    let span = "from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
    let answer = try await service.get("\(tenant.path)/intake?\(span)", key: key)
    return answer["hours"].elements.reduce(Counts()) { sum, hour in
      let counts = Counts(
        accepted: hour["accepted"].integer, duplicates: hour["duplicates"].integer, refused: hour["refused"].integer,
        invalid: hour["invalid"].integer)
      #expect(hour["received"].integer == counts.received)
      return sum + counts
    }
  }
}

/// Calls of all kinds: single events and batches, with ids and without, new and repeated, good and bad, early and late.
private struct RandomTraffic {
  let clock: TestClock
  private var ids: [UUID] = []
  private var sent: [(text: String, events: Int)] = []

  init(clock: TestClock) { self.clock = clock }

  mutating func next(using random: inout Seeded) -> (text: String, events: Int) {
    if let earlier = sent.randomElement(using: &random), Int.random(in: 0..<4, using: &random) == 0 { return earlier }
    let call: (text: String, events: Int)
    if Int.random(in: 0..<4, using: &random) == 0 {
      call = (event(using: &random, withID: true).text, 1)
    } else {
      let isBatch = Bool.random(using: &random)
      let events = (0..<Int.random(in: 1...80, using: &random)).map { _ in event(using: &random, withID: !isBatch) }
      call = (events.call(batch: isBatch ? UUID() : nil), events.count)
    }
    sent.append(call)
    return call
  }

  private mutating func event(using random: inout Seeded, withID: Bool) -> EventText {
    let times: [Double] = [-60, -60, -60, -3_600, -34 * 86_400]
    var event = EventText(clock, after: times.randomElement(using: &random) ?? -60)
    switch Int.random(in: 0..<12, using: &random) {
    case 0: event = event.with("status_code", "99")
    case 1: event = EventText(clock, after: -40 * 86_400)
    case 2: event = event.with("method", nil)
    default: break
    }
    guard withID, Bool.random(using: &random) else { return event }
    let id =
      ids.randomElement(using: &random).flatMap { Int.random(in: 0..<3, using: &random) == 0 ? $0 : nil } ?? UUID()
    ids.append(id)
    return event.with(id: id)
  }
}
