/// What a rate leaves to spend: it fills by so many tokens a second, holds ``CallRate/burstSeconds`` of them, and is taken from.
///
/// It gives whenever it isn't empty, even more than it holds: then it is in debt, and gives nothing until that is filled up. So
/// nothing that is allowed at all is too large for ever, and in the long run no more flows than the rate.
///
/// A value without a clock. Total: times and numbers of any size trap nowhere.
package struct TokenBucket: Sendable, Hashable {
  /// Thousandths of a token, so that a millisecond of any whole rate is a whole number; below zero it is in debt.
  package private(set) var level: Int64
  /// Up to when it has filled.
  package private(set) var time: Instant

  /// Clocks of threads and machines differ by less. One that is set back further has been put right, and counts.
  static let patience = Duration.seconds(CallRate.burstSeconds)
  /// 10^12 tokens at once, and 10^14 of debt, are beyond any rate allowed, and far from where Int64 ends.
  private static let mostTokens = 1_000_000_000_000
  private static let deepestDebt: Int64 = -100_000_000_000_000_000

  /// A full one.
  package init(perSecond rate: Int, at now: Instant) {
    level = Self.capacity(perSecond: rate)
    time = now
  }

  /// As somebody else has it; a level that no rate leads to counts as the nearest that one does.
  package init(level: Int64, time: Instant) {
    self.level = min(max(Self.deepestDebt, level), Int64(Self.mostTokens) * 1000)
    self.time = time
  }

  /// Whether it gives.
  package var gives: Bool { level > 0 }

  /// What it holds when it is full, in thousandths of a token.
  package static func capacity(perSecond rate: Int) -> Int64 { allowed(rate) * Int64(CallRate.burstSeconds) * 1000 }

  /// Fills up to a time. Another rate than before holds from then on.
  package mutating func fill(perSecond rate: Int, to now: Instant) {
    let capacity = Self.capacity(perSecond: rate)
    level = min(level, capacity)
    guard now > time else {
      // A little: two callers read the clock and came here in the other order.
      if time - now > Self.patience { time = now }
      return
    }
    let elapsed = now.milliseconds.subtractingSaturating(time.milliseconds)
    time = now
    level =
      elapsed >= Self.milliseconds(for: capacity - level, perSecond: rate)
      ? capacity : level + elapsed * Self.allowed(rate)
  }

  /// Takes tokens, into debt if it must.
  package mutating func take(_ tokens: Int) {
    level = max(Self.deepestDebt, level - Int64(min(max(0, tokens), Self.mostTokens)) * 1000)
  }

  /// The time until it gives again; zero when it does.
  package func wait(perSecond rate: Int) -> Duration {
    gives ? .zero : .milliseconds(Self.milliseconds(for: 1 - level, perSecond: rate))
  }

  /// The time until it is full.
  package func refill(perSecond rate: Int) -> Duration {
    .milliseconds(Self.milliseconds(for: max(0, Self.capacity(perSecond: rate) - level), perSecond: rate))
  }

  private static func allowed(_ rate: Int) -> Int64 { Int64(min(max(1, rate), CallRate.highest)) }

  /// How long so many thousandths take, rounded up.
  private static func milliseconds(for thousandths: Int64, perSecond rate: Int) -> Int64 {
    let rate = allowed(rate)
    return (thousandths + rate - 1) / rate
  }
}
