import Domain
import EventLog
import Foundation
import TestDatabase
import Testing

@testable import Application
@testable import Server

@Suite struct LocalBucketsTests {
  private let now: Instant = 1_764_000_000_000
  private let one = CallCost(requests: 1, bytes: 100)
  private let rates = CallRates(ofKey: Tier.free.callRate)
  private let account = UUID()

  @Test func manyKeysCostNoMoreThanTheMemoryMeantForThem() {
    let buckets = LocalBuckets(capacity: 1_000)
    for _ in 0..<20_000 { _ = buckets.take(one, for: UUID(), of: UUID(), at: rates, now: now) }
    #expect(buckets.count <= 1_000)
  }

  @Test func aKeyInUseIsNotForgottenForOthers() {
    let buckets = LocalBuckets(capacity: 2_000)
    let key = UUID()
    var given = 0
    for _ in 0..<100 {
      if buckets.take(one, for: key, of: account, at: rates, now: now).isGiven { given += 1 }
      for _ in 0..<400 { _ = buckets.take(one, for: UUID(), of: UUID(), at: rates, now: now) }
    }
    #expect(given == 50)
  }

  @Test func manyKeysOfAnAccountGetNoMoreThanTheAccountAndNoOtherLessForIt() {
    let buckets = LocalBuckets()
    let keys = (0..<20).map { _ in UUID() }
    func given(_ at: Instant) -> Int {
      (0..<60).reduce(0) { sum, _ in
        sum + keys.count { buckets.take(one, for: $0, of: account, at: rates, now: at).isGiven }
      }
    }
    #expect(given(now) == 200, "20 keys alone would be given 1,000")
    #expect((20...21).contains(given(now + .seconds(1))))
    #expect(buckets.take(one, for: UUID(), of: UUID(), at: rates, now: now + .seconds(1)).isGiven)
  }

  @Test func aThousandAtOnceGetExactlyWhatThereIs() async {
    let buckets = LocalBuckets()
    let key = UUID()
    let given = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<1_000 {
        group.addTask { [one, now, rates, account] in
          buckets.take(one, for: key, of: account, at: rates, now: now).isGiven
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(given == 50)
  }

  @Test func whoIsTurnedAwayIsCounted() async throws {
    let counted = Counter()
    let throttle = CallThrottle(shared: nil, servers: ServerCount(), onThrottled: { counted.add($0) })
    let source = TelemetrySource(accountID: UUID(), projectID: UUID(), keyID: UUID(), mode: .live)
    for _ in 0..<60 { _ = try? await throttle.take(one, for: source, at: Tier.free.callRate, now: now) }
    #expect(counted.sources == [TelemetrySource](repeating: source, count: 10))
  }
}
