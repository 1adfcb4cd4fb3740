/// What some requests came to: how many, with which statuses, and how long they took. Cells are added, in any order, to the cell of all.
package struct TrafficCell: Hashable, Sendable {
  /// All requests, by HTTP status.
  package private(set) var statuses = Tally()
  /// Response times of those that have one, by ``LatencyBuckets``.
  package private(set) var latency = Tally()
  /// The sum of those times, in nanoseconds: exact.
  package private(set) var sum: UInt128 = 0
  /// The longest of them, in nanoseconds; 0 of none.
  package private(set) var longest: Int64 = 0

  /// Of no request.
  package init() {}

  init(statuses: Tally, latency: Tally, sum: UInt128, longest: Int64) {
    self.statuses = statuses
    self.latency = latency
    self.sum = sum
    self.longest = longest
  }

  /// How many requests.
  package var calls: Int64 { statuses.total }
  /// How many of them have a response time.
  package var timed: Int64 { latency.total }

  /// Counts a request. `time` in nanoseconds; nil where it has none.
  package mutating func add(status: Int, time: Int64?) {
    statuses.add(status)
    guard let time else { return }
    latency.add(LatencyBuckets.bucket(ofNanoseconds: time))
    sum += UInt128(time)
    longest = max(longest, time)
  }

  /// Adds another's requests.
  package mutating func add(_ other: TrafficCell) {
    statuses.add(other.statuses)
    latency.add(other.latency)
    sum += other.sum
    longest = max(longest, other.longest)
  }

  /// The time at or below which at least so much of all times lie, in nanoseconds: within the bound of ``LatencyBuckets``, and never
  /// more than the longest. Nil without any.
  package func percentile(_ share: Percentile) -> Int64? {
    latency.percentile(share).map { min(longest, LatencyBuckets.estimate(of: $0)) }
  }
}
