import Domain
import TestDatabase
import Testing

@Suite struct ApdexTests {
  private static let millisecond = 1_000_000 as Int64

  private func cell(_ times: [Int64]) -> TrafficCell {
    times.reduce(into: TrafficCell()) { $0.add(status: 200, time: $1) }
  }

  @Test func whoWaitsNoLongerThanTIsSatisfiedAndNoLongerThanFourTimesThatTolerates() {
    let times = [0, 1, 480, 520, 1_900, 2_100, 60_000].map { Int64($0) * Self.millisecond }
    let apdex = cell(times).apdex(threshold: 500 * Self.millisecond)
    #expect([apdex.satisfied, apdex.tolerating, apdex.frustrated] == [3, 2, 2])
    #expect(apdex.samples == 7)
    let patient = cell(times).apdex(threshold: .max)
    #expect([patient.satisfied, patient.tolerating, patient.frustrated] == [7, 0, 0])
  }

  /// Whoever took exactly T is satisfied where nobody took longer: the longest is known exactly.
  @Test func theThresholdItselfSatisfies() {
    for threshold in [1, 17, 500, 3_600_000] as [Int64] {
      let apdex = cell([threshold * Self.millisecond]).apdex(threshold: threshold * Self.millisecond)
      #expect(apdex.satisfied == 1, "\(threshold) ms")
    }
  }

  @Test func samplesAreRequestsWithATimeWhateverTheirStatus() {
    var cell = TrafficCell()
    cell.add(status: 500, time: Self.millisecond)
    cell.add(status: 200, time: nil)
    let apdex = cell.apdex(threshold: 100 * Self.millisecond)
    #expect([apdex.satisfied, apdex.samples] == [1, 1])
    #expect(TrafficCell().apdex(threshold: 1).samples == 0)
  }

  /// The counts are the exact ones of thresholds that are at most 2.5 % away.
  @Test(arguments: 0..<200) func eachBorderIsOffByLessThanTheBoundSays(seed: Int) {
    var random = Seeded(seed)
    let top = Int64(1) << Int64.random(in: 16...41, using: &random)
    let times = (0..<500).map { _ in Int64.random(in: 0...top, using: &random) }
    let threshold = Int64.random(in: 10_000...max(10_001, top), using: &random)
    let apdex = cell(times).apdex(threshold: threshold)
    func within(_ limit: Int64, _ stretch: Double) -> Int64 {
      Int64(times.count { Double($0) <= Double(limit) * stretch })
    }
    let (narrow, wide) = (1 / 1.0248, 1.0248)
    #expect((within(threshold, narrow)...within(threshold, wide)).contains(apdex.satisfied))
    let patient = apdex.satisfied + apdex.tolerating
    #expect((within(4 * threshold, narrow)...within(4 * threshold, wide)).contains(patient))
    #expect(apdex.samples == 500)
  }

  @Test func bucketsFollowEachOtherAndHoldWhatTheirBoundsSay() {
    var end = 0 as Int64?
    for bucket in 0...LatencyBuckets.last {
      let (lower, upper) = LatencyBuckets.bounds(of: bucket)
      #expect(lower == end && LatencyBuckets.bucket(ofNanoseconds: lower) == bucket)
      if let upper { #expect(LatencyBuckets.bucket(ofNanoseconds: upper - 1) == bucket) }
      end = upper
    }
    #expect(end == nil, "the last has no end")
  }
}
