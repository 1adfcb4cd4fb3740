import Domain
import Foundation
import Postgres
import TestDatabase
import Testing

/// received = accepted + duplicates + refused + invalid: what clients were told is what is counted, whatever they send.
@Suite struct AccountingTests {
  @Test(arguments: 0..<4) func everythingEverAnsweredAddsUp(seed: Int) async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let keys = [tenant.key, tenant.key, try await service.issue(for: tenant, mode: .test).key]
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
        #expect(try await counted(service, tenant, as: isLive ? tenant.key : keys[2]) == counts)
      }
      let used = try await service.number("SELECT sum(used)::bigint AS n FROM usage.months")
      #expect(used == told[true]?.accepted)
    }
  }

  /// As the API shows it, hour by hour, each of which adds up.
  private func counted(_ service: Service, _ tenant: Service.Tenant, as key: String) async throws -> Counts {
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
