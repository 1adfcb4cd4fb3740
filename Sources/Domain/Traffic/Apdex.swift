/// Apdex (Application Performance Index, Technical Specification 1.1) of response times against a threshold T: who waited no longer than T
/// is satisfied, who waited no longer than 4 T tolerates it, and who waited longer is frustrated. The index is
/// (satisfied + tolerating / 2) / samples.
///
/// Its samples are requests that have a response time, failed ones included: a histogram doesn't tell statuses apart, so an error that came
/// fast satisfies. A bucket of ``LatencyBuckets`` is on one side of T, or of 4 T, as a whole: on that of its estimate. So the index is the
/// exact one of a threshold, and of four times it, each off by at most 2.5 %.
package struct Apdex: Hashable, Sendable {
  /// T, in nanoseconds.
  package let threshold: Int64
  /// Took T at most.
  package let satisfied: Int64
  /// Took longer, but 4 T at most.
  package let tolerating: Int64
  /// Took longer than 4 T.
  package let frustrated: Int64

  /// Requests that have a response time.
  package var samples: Int64 { satisfied + tolerating + frustrated }
}

extension TrafficCell {
  /// How its response times do against a threshold in nanoseconds.
  package func apdex(threshold: Int64) -> Apdex {
    let tolerable = threshold > .max / 4 ? Int64.max : 4 * threshold
    var (satisfied, tolerating) = (0 as Int64, 0 as Int64)
    for entry in latency.entries {
      let estimate = min(longest, LatencyBuckets.estimate(of: entry.number))
      if estimate <= threshold {
        satisfied += entry.count
      } else if estimate <= tolerable {
        tolerating += entry.count
      }
    }
    return Apdex(
      threshold: threshold, satisfied: satisfied, tolerating: tolerating, frustrated: timed - satisfied - tolerating)
  }
}
