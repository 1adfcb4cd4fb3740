import Domain
import EventLog
import Foundation
import Testing

@testable import Server

@Suite struct LocalBucketsTests {
  private let now: Int64 = 1_764_000_000_000
  private let one = CallCost(requests: 1, bytes: 100)

  @Test func manyKeysCostNoMoreThanTheMemoryMeantForThem() {
    let buckets = LocalBuckets(capacity: 1_000)
    for _ in 0..<20_000 { _ = buckets.take(one, for: UUID(), at: Tier.free.callRate, now: now) }
    #expect(buckets.count <= 1_000)
  }

  @Test func aKeyInUseIsNotForgottenForOthers() {
    let buckets = LocalBuckets(capacity: 1_000)
    let key = UUID()
    var given = 0
    for _ in 0..<100 {
      if buckets.take(one, for: key, at: Tier.free.callRate, now: now).isGiven { given += 1 }
      for _ in 0..<400 { _ = buckets.take(one, for: UUID(), at: Tier.free.callRate, now: now) }
    }
    #expect(given == 50)
  }

  @Test func aThousandAtOnceGetExactlyWhatThereIs() async {
    let buckets = LocalBuckets()
    let key = UUID()
    let given = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<1_000 {
        group.addTask { [one, now] in buckets.take(one, for: key, at: Tier.free.callRate, now: now).isGiven }
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
