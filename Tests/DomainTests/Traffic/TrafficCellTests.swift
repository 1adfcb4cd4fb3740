import Domain
import TestDatabase
import Testing

@Suite struct TrafficCellTests {
  private func cell(_ random: inout Seeded, requests: Int) -> TrafficCell {
    var cell = TrafficCell()
    for _ in 0..<requests {
      let time = Int64(1) << Int64.random(in: 0...41, using: &random) &+ Int64.random(in: 0...9, using: &random)
      let isTimed = Int.random(in: 0..<4, using: &random) > 0
      cell.add(status: [200, 201, 404, 500, 100, 599].randomElement(using: &random) ?? 0, time: isTimed ? time : nil)
    }
    return cell
  }

  @Test(arguments: 0..<200) func whatIsStoredIsWhatIsRead(seed: Int) throws {
    var random = Seeded(seed)
    let cell = cell(&random, requests: Int.random(in: 0...40, using: &random))
    #expect(try TrafficCell(bytes: cell.bytes) == cell)
    var series = CellSeries()
    for _ in 0..<Int.random(in: 0...60, using: &random) {
      series.add(
        status: 200, time: [nil, 0, 5_000].randomElement(using: &random) ?? nil,
        at: Int.random(in: 0..<96, using: &random))
    }
    #expect(try CellSeries(bytes: series.bytes) == series)
    let counted = try CellSeries.calls(in: series.bytes)
    #expect(counted.map(\.place) == series.cells.map(\.place))
    #expect(counted.map(\.calls) == series.cells.map(\.cell.calls))
    var calls: [Int64: Int64] = [:]
    for _ in 0..<seed {
      calls[Int64.random(in: 0 ... .max, using: &random)] = Int64.random(in: 0...9_999, using: &random)
    }
    let ranks = LabelRanks(calls)
    #expect(try LabelRanks(bytes: ranks.bytes) == ranks)
    #expect(LabelRanks.merged([ranks, ranks]) == calls.mapValues { $0 * 2 })
  }

  /// Wherever the cuts lie, the same cell comes of it, and the same bytes.
  @Test(arguments: 0..<50) func theOrderAndGroupingOfRequestsDoNotMatter(seed: Int) {
    var random = Seeded(seed)
    let parts = (0..<6).map { _ in cell(&random, requests: 9) }
    let one = parts.reduce(into: TrafficCell()) { $0.add($1) }
    var right = TrafficCell()
    right.add(parts[5])
    right.add(parts[4])
    var left = parts[3]
    left.add(parts[0])
    left.add(parts[2])
    right.add(left)
    right.add(parts[1])
    #expect(one == right && one.bytes == right.bytes)
  }

  /// Bytes of no release of ours are an error, never a crash and never a number.
  @Test(arguments: 0..<50) func whatIsCutOffOrChangedIsRefusedOrAnotherCell(seed: Int) {
    var random = Seeded(seed)
    let bytes = cell(&random, requests: 20).bytes
    for end in 0..<bytes.count {
      #expect(throws: TrafficBytesError.self) { try TrafficCell(bytes: Array(bytes[..<end])) }
    }
    for place in bytes.indices {
      var changed = bytes
      changed[place] = UInt8.random(in: 0...255, using: &random)
      if let read = try? TrafficCell(bytes: changed) { #expect(read.bytes == changed || read.calls >= 0) }
      if let read = try? CellSeries(bytes: changed) { #expect(read.total().calls >= 0) }
      _ = try? CellSeries.calls(in: changed)
      _ = try? LabelRanks(bytes: changed)
    }
    #expect(throws: TrafficBytesError.self) { try TrafficCell(bytes: bytes + [0]) }
  }

  @Test func aPercentileIsOffByLessThanTheBoundSays() throws {
    var random = Seeded(7)
    for exponent in 0..<36 {
      let times = (0..<999).map { _ in Int64.random(in: 0...(Int64(3) << Int64(exponent)), using: &random) }.sorted()
      var cell = TrafficCell()
      for time in times { cell.add(status: 200, time: min(time, 3_600_000_000_000)) }
      for thousandths in [0, 1, 50_000, 95_000, 99_000, 99_900, 100_000] as [Int64] {
        let share = try #require(Percentile(thousandths: thousandths))
        let exact = min(times[max(0, (999 * Int(thousandths) + 99_999) / 100_000 - 1)], 3_600_000_000_000)
        let shown = try #require(cell.percentile(share))
        #expect(abs(Double(shown - exact)) <= max(Double(exact) * 0.0251, 10_001), "\(exact) \(shown)")
        #expect(shown <= cell.longest)
      }
    }
    #expect(TrafficCell().percentile(.p50) == nil)
  }

  @Test func bucketsGrowByFivePercentAndEachTimeLiesInItsOwn() {
    #expect(LatencyBuckets.bucket(ofNanoseconds: 0) == 0)
    #expect(LatencyBuckets.bucket(ofNanoseconds: 9_999) == 0)
    #expect(LatencyBuckets.bucket(ofNanoseconds: 10_000) == 1)
    #expect(LatencyBuckets.bucket(ofNanoseconds: 10_499) == 1)
    #expect(LatencyBuckets.bucket(ofNanoseconds: 10_500) == 2)
    #expect(LatencyBuckets.bucket(ofNanoseconds: 11_025) == 3)
    #expect(LatencyBuckets.bucket(ofNanoseconds: 3_600_000_000_000) < LatencyBuckets.last)
    #expect(LatencyBuckets.bucket(ofNanoseconds: .max) == LatencyBuckets.last)
    for bucket in 1..<LatencyBuckets.last {
      #expect(LatencyBuckets.bucket(ofNanoseconds: LatencyBuckets.estimate(of: bucket)) == bucket)
    }
  }
}
