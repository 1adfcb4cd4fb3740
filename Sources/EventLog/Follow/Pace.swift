/// How many events a lane's next step takes, and how often its last steps failed.
package struct Pace: Sendable, Equatable {
  /// Events the next step takes at most.
  private(set) var most = Self.smallest
  /// Steps that failed since one succeeded.
  private(set) var failures = 0

  /// Large cuts cost less per event (traffic: 4.0 µs at 5,000, 2.5 at 20,000, 2.2 at 50,000) and an up-to-date model has no more
  /// than a quarter of a second's events to take anyway.
  static let smallest: Int64 = 20_000
  /// Events that a cut has at most, if it is not a single batch. What an import brings is spread over as many rows as a month has days: a row is
  /// read and written once a cut, however many of its events fall on it.
  package static let largest: Int64 = 200_000

  mutating func succeeded(isBehind: Bool) {
    failures = 0
    most = isBehind ? min(Self.largest, max(Self.smallest, most * 2)) : Self.smallest
  }

  /// The next try takes a single batch: good ones before the bad one get through, and the error names the bad one.
  mutating func failed() {
    failures += 1
    most = 1
  }

  /// How long one that is tried for ever rests before the next try: 1 s, doubled up to a minute.
  var rest: Duration { .seconds(min(60, 1 << min(max(0, failures - 1), 6))) }
}
