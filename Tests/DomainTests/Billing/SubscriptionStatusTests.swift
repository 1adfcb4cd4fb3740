import Testing

@testable import Domain

@Suite struct SubscriptionStatusTests {
  /// As Stripe's documentation lists them (subscription.status).
  @Test func eachOfStripesWordsMeansWhatItDoesToTheTier() {
    let meanings: [(word: String, over: Bool, running: Bool, idle: Bool, owing: Bool)] = [
      ("incomplete", false, false, true, true), ("incomplete_expired", true, false, false, false),
      ("trialing", false, true, false, false), ("active", false, true, false, false),
      ("past_due", false, true, false, true), ("canceled", true, false, false, false),
      ("unpaid", false, false, true, true), ("paused", false, false, true, false),
    ]
    for meaning in meanings {
      let status = SubscriptionStatus(meaning.word)
      #expect(status.isKnown)
      #expect(
        [status.isOver, status.isRunning, status.isIdle, status.isOwing]
          == [meaning.over, meaning.running, meaning.idle, meaning.owing], "\(meaning.word)")
    }
  }

  @Test func aWordOfTomorrowIsNoneOfThem() {
    let status = SubscriptionStatus("dormant")
    #expect(!status.isKnown && !status.isOver && !status.isRunning && !status.isOwing)
  }
}
