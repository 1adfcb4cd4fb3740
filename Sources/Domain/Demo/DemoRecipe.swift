/// What a demo's requests follow from, and nothing else: whoever has it makes the same requests again.
package struct DemoRecipe: Sendable, Equatable {
  /// What the random numbers begin with.
  package let seed: Int64
  /// About how many requests thirty days have.
  package let monthlyRequests: Int
  /// Where the first hour (UTC) begins.
  package let from: Instant

  /// A recipe. `from` is taken back to where its hour begins.
  package init(seed: Int64, monthlyRequests: Int, from: Instant) {
    self.seed = seed
    self.monthlyRequests = monthlyRequests
    self.from = from.toHour
  }

  /// Days of requests that a demo begins with.
  package static let days: Int64 = 30
  /// Fewer would leave hours without any; more would not fit the quota of the largest tier in a month of 31 days, its load test included.
  package static let monthlyRequestsAllowed = 2_000...400_000

  /// The hours (UTC) since the beginning that a time is after.
  package func hour(of time: Instant) -> Int { Int((time - from).wholeSeconds / 3_600) }

  /// Where an hour begins.
  package func begin(ofHour hour: Int) -> Instant { from + .hours(Int64(hour)) }
}
