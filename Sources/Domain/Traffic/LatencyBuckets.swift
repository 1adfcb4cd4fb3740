/// How response times are counted: in buckets whose bounds grow by 5 %. Bucket k holds 0.01 · 1.05^(k-1) ms and more, but less than
/// 0.01 · 1.05^k; bucket 0 all that is faster than 0.01 ms.
///
/// Histograms are merged by adding counts, so a percentile over any span and any set of endpoints is as good as one over a minute: off by at
/// most 2.5 % (√1.05 − 1 = 2.47 %), or by less than 0.01 ms where that is more.
package enum LatencyBuckets {
  /// The last bucket's number: over an hour, the longest time that a request may have taken.
  package static let last = 405

  /// Where bucket `index + 1` begins, in nanoseconds: the least whole number that is in it. In whole numbers from the first to the last, so
  /// that no machine's floating point puts a time elsewhere.
  static let bounds: [Int64] = {
    // 64 binary places: what is cut off in 404 steps is far below a nanosecond.
    var bound = UInt128(10_000) << 64
    return (0..<last).map { _ in
      defer { bound = bound / 20 * 21 }
      let whole = Int64(bound >> 64)
      return bound & (UInt128(1) << 64 - 1) == 0 ? whole : whole + 1
    }
  }()

  /// For each power of two, how many bounds lie at or below it: a bucket is at most 15 further on.
  private static let starts: [Int] = (0..<63).map { power in bounds.prefix { $0 <= Int64(1) << power }.count }

  /// The bucket of a time in nanoseconds.
  package static func bucket(ofNanoseconds time: Int64) -> Int {
    guard time > 0 else { return 0 }
    var bucket = starts[63 - time.leadingZeroBitCount]
    while bucket < bounds.count, bounds[bucket] <= time { bucket += 1 }
    return bucket
  }

  /// What a bucket stands for, in nanoseconds: its geometric middle; bucket 0, faster than can be told apart, counts as 0.
  package static func estimate(of bucket: Int) -> Int64 {
    guard bucket > 0 else { return 0 }
    // IEEE 754 rounds a square root the same everywhere.
    let middle = Double(bounds[bucket - 1]) * 1.05.squareRoot()
    return Int64(middle.rounded())
  }
}
