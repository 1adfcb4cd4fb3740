/// What a rate leaves to spend: it fills by so many tokens a second, holds ``CallRate/burstSeconds`` of them, and is taken from.
///
/// It gives whenever it isn't empty, even more than it holds: then it is in debt, and gives nothing until that is filled up. So
/// nothing that is allowed at all is too large for ever, and in the long run no more flows than the rate.
///
/// A value without a clock. Total: times and numbers of any size trap nowhere.
public struct TokenBucket: Sendable, Hashable {
  /// Thousandths of a token, so that a millisecond of any whole rate is a whole number; below zero it is in debt.
  public private(set) var level: Int64
  /// Up to when it has filled, in milliseconds since 1970.
  public private(set) var time: Int64

  /// Clocks of threads and machines differ by less. One that is set back further has been put right, and counts.
  static let patience = Int64(CallRate.burstSeconds) * 1000
  /// 10^12 tokens at once, and 10^14 of debt, are beyond any rate allowed, and far from where Int64 ends.
  private static let mostTokens = 1_000_000_000_000
  private static let deepestDebt: Int64 = -100_000_000_000_000_000

  /// A full one.
  public init(perSecond rate: Int, at now: Int64) {
    level = Self.capacity(perSecond: rate)
    time = now
  }

  /// As somebody else has it; a level that no rate leads to counts as the nearest that one does.
  public init(level: Int64, time: Int64) {
    self.level = min(max(Self.deepestDebt, level), Int64(Self.mostTokens) * 1000)
    self.time = time
  }

  /// Whether it gives.
  public var gives: Bool { level > 0 }

  /// What it holds when it is full, in thousandths of a token.
  public static func capacity(perSecond rate: Int) -> Int64 { allowed(rate) * Int64(CallRate.burstSeconds) * 1000 }

  /// Fills up to a time. Another rate than before holds from then on.
  public mutating func fill(perSecond rate: Int, to now: Int64) {
    let capacity = Self.capacity(perSecond: rate)
    level = min(level, capacity)
    guard now > time else {
      // A little: two callers read the clock and came here in the other order.
      let (behind, overflow) = time.subtractingReportingOverflow(now)
      if overflow || behind > Self.patience { time = now }
      return
    }
    let (elapsed, overflow) = now.subtractingReportingOverflow(time)
    time = now
    level =
      overflow || elapsed >= Self.milliseconds(for: capacity - level, perSecond: rate)
      ? capacity : level + elapsed * Self.allowed(rate)
  }

  /// Takes tokens, into debt if it must.
  public mutating func take(_ tokens: Int) {
    level = max(Self.deepestDebt, level - Int64(min(max(0, tokens), Self.mostTokens)) * 1000)
  }

  /// Milliseconds until it gives again; 0 when it does.
  public func wait(perSecond rate: Int) -> Int64 { gives ? 0 : Self.milliseconds(for: 1 - level, perSecond: rate) }

  /// Milliseconds until it is full.
  public func refill(perSecond rate: Int) -> Int64 {
    Self.milliseconds(for: max(0, Self.capacity(perSecond: rate) - level), perSecond: rate)
  }

  private static func allowed(_ rate: Int) -> Int64 { Int64(min(max(1, rate), CallRate.highest)) }

  /// How long so many thousandths take, rounded up.
  private static func milliseconds(for thousandths: Int64, perSecond rate: Int) -> Int64 {
    let rate = allowed(rate)
    return (thousandths + rate - 1) / rate
  }
}
