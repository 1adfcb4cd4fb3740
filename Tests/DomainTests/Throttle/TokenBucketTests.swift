import TestDatabase
import Testing

@testable import Domain

@Suite struct TokenBucketTests {
  private let start: Instant = 1_764_000_000_000
  static let extremes: [Int64] = [
    .min, .min + 1, -1_000_000_000_000_000_000, -1, 0, 1, 999, 1_764_000_000_000, 9_007_199_254_740_993, .max - 1, .max,
  ]

  /// How often one token can be had at a time.
  private func burst(_ bucket: inout TokenBucket, _ rate: Int, at now: Instant) -> Int {
    var count = 0
    bucket.fill(perSecond: rate, to: now)
    while bucket.gives, count < 100_000 {
      bucket.take(1)
      count += 1
    }
    return count
  }

  @Test(arguments: [1, 5, 50, 200]) func tenSecondsWorthComeAtOnceAndThenTheRate(rate: Int) {
    var bucket = TokenBucket(perSecond: rate, at: start)
    #expect(burst(&bucket, rate, at: start) == 10 * rate)
    #expect(burst(&bucket, rate, at: start) == 0)
    // A bucket that holds a part of a token gives a whole one, and owes the rest: never more than one too early.
    #expect((rate...rate + 1).contains(burst(&bucket, rate, at: start + .seconds(1))))
    #expect(burst(&bucket, rate, at: start + .hours(1)) == 10 * rate, "what is not used is not saved up for ever")
  }

  @Test func aCallLargerThanTheBurstIsGivenAndPaidForAfterwards() {
    let rate = 64 << 10
    var bucket = TokenBucket(perSecond: rate, at: start)
    bucket.take(5_000_000)
    #expect(!bucket.gives)
    let wait = bucket.wait(perSecond: rate)
    #expect(wait == .milliseconds((5_000_000 - 10 * rate) * 1000 / rate + 1))
    bucket.fill(perSecond: rate, to: start + wait - .milliseconds(1))
    #expect(!bucket.gives)
    bucket.fill(perSecond: rate, to: start + wait)
    #expect(bucket.gives)
  }

  @Test(arguments: 0..<20) func overAnyTimeNoMoreFlowsThanTheBurstAndTheRateAndOneTake(seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    let rate = Int.random(in: 1...300, using: &random)
    var bucket = TokenBucket(perSecond: rate, at: start)
    var (now, taken, largest) = (start, 0, 0)
    for _ in 0..<5_000 {
      now = now + .milliseconds(Int.random(in: 0...40, using: &random))
      // Callers that read the clock one after another may come in the other order.
      bucket.fill(perSecond: rate, to: now - .milliseconds(Int.random(in: 0...20, using: &random)))
      let tokens = Int.random(in: 1...(Bool.random(using: &random) ? 3 : 40), using: &random)
      guard bucket.gives else { continue }
      bucket.take(tokens)
      taken += tokens
      largest = max(largest, tokens)
    }
    let elapsed = Int((now - start).wholeMilliseconds)
    #expect(taken <= 10 * rate + elapsed * rate / 1000 + largest)
    #expect(taken >= elapsed * rate / 1000 - 2 * largest, "and no less, for whoever keeps asking")
  }

  @Test func aClockThatIsPutBackNeitherFillsNorBlocks() {
    var bucket = TokenBucket(perSecond: 5, at: start)
    _ = burst(&bucket, 5, at: start)
    #expect(burst(&bucket, 5, at: start - .seconds(5)) == 0)
    #expect(burst(&bucket, 5, at: start - .days(1)) == 0)
    #expect(
      burst(&bucket, 5, at: start - .days(1) + .seconds(1)) > 0, "from there on it fills by the clock as it is now")
  }

  /// A Redis may hold what somebody else put there.
  @Test(arguments: extremes) func aLevelThatNoRateLeadsToTrapsNowhere(level: Int64) {
    for rate in [1, 5, CallRate.highest] {
      var bucket = TokenBucket(level: level, time: start)
      #expect(bucket.wait(perSecond: rate) >= .zero)
      #expect(bucket.refill(perSecond: rate) >= .zero)
      bucket.take(.max)
      bucket.fill(perSecond: rate, to: start + .milliseconds(1))
      #expect(bucket.level <= TokenBucket.capacity(perSecond: rate))
    }
    #expect(TokenBucket(level: 5_000, time: start).level == 5_000)
  }

  @Test func anotherRateHoldsFromThenOn() {
    var bucket = TokenBucket(perSecond: 200, at: start)
    #expect(burst(&bucket, 5, at: start) == 50)
    #expect(burst(&bucket, 200, at: start + .seconds(1)) == 200)
  }

  @Test func numbersOfAnySizeTrapNowhere() {
    var random = SplitMix(seed: 7)
    func number() -> Int64 {
      let extreme = Self.extremes.randomElement(using: &random) ?? 0
      return Bool.random(using: &random) ? extreme : extreme &+ Int64.random(in: -2000...2000, using: &random)
    }
    for _ in 0..<2_000 {
      var bucket = TokenBucket(perSecond: Int(number()), at: Instant(milliseconds: number()))
      for _ in 0..<50 {
        let rate = Int(number())
        bucket.fill(perSecond: rate, to: Instant(microseconds: number()))
        bucket.take(Int(number()))
        #expect(bucket.level <= TokenBucket.capacity(perSecond: rate))
        #expect(bucket.wait(perSecond: rate) >= .zero)
        #expect(bucket.refill(perSecond: rate) >= .zero)
      }
      _ = CallRate(requestsPerSecond: Int(number()), bytesPerSecond: Int(number())).share(of: Int(number()))
    }
  }
}

@Suite struct CallRateTests {
  private let now: Instant = 1_764_000_000_000

  @Test func theTiersRatesAreThoseThatAreSold() {
    #expect(Tier.free.callRate == CallRate(requestsPerSecond: 5, bytesPerSecond: 65_536))
    #expect(Tier.pro.callRate == CallRate(requestsPerSecond: 50, bytesPerSecond: 1_048_576))
    #expect(Tier.business.callRate == CallRate(requestsPerSecond: 200, bytesPerSecond: 4_194_304))
  }

  @Test func aCallTakesFromBothBucketsOrFromNeither() {
    let rate = Tier.free.callRate
    var buckets = CallBuckets(rate, at: now)
    let first = buckets.take(CallCost(requests: 1, bytes: 700_000), at: rate, now: now)
    #expect(first)
    let before = buckets
    let second = buckets.take(CallCost(requests: 1, bytes: 1), at: rate, now: now)
    #expect(!second, "no bytes are left")
    #expect(buckets == before)
    let third = buckets.take(CallCost(requests: 1, bytes: 0), at: rate, now: now)
    #expect(third, "which a call without a body needs none of")
    #expect(buckets.wait(at: rate) > .zero)
  }

  @Test func anAccountHasFourKeysWorthAndNoMoreThanIsAllowedAtAll() {
    #expect(Tier.free.callRate.ofAccount == CallRate(requestsPerSecond: 20, bytesPerSecond: 256 << 10))
    #expect(CallRate(requestsPerSecond: .max, bytesPerSecond: .max).ofAccount.bytesPerSecond == CallRate.highest)
  }

  @Test func aCallTakesFromTheKeyAndItsAccountOrFromNeither() {
    let rates = CallRates(ofKey: Tier.free.callRate)
    let one = CallCost(requests: 1, bytes: 1)
    var account = CallBuckets(rates.account, at: now)
    var given = 0
    for _ in 0..<20 {
      var levels = CallLevels(key: CallBuckets(rates.key, at: now), account: account)
      while true {
        let before = levels
        guard levels.take(one, at: rates, now: now) else {
          #expect(levels == before)
          break
        }
        given += 1
      }
      #expect(levels.areBoundByAccount(at: rates) == levels.key.requests.gives)
      account = levels.account
    }
    #expect(given == 200)
  }

  @Test(arguments: [1, 2, 3, 7, 200, 1_000]) func theSharesOfAllServersAreTheRateAndNoneIsNothing(servers: Int) {
    for tier in Tier.allCases {
      let (whole, share) = (tier.callRate, tier.callRate.share(of: servers))
      #expect(share.requestsPerSecond >= 1)
      #expect(share.bytesPerSecond * servers >= whole.bytesPerSecond)
      #expect(share.requestsPerSecond * servers < whole.requestsPerSecond + servers)
    }
  }
}
