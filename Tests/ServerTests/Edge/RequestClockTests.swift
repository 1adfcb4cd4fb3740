import NIOCore
import Testing

@testable import Application
@testable import Server

/// When a client is too slow, by the second.
@Suite struct RequestClockTests {
  private let limits = ServerLimits()

  private func at(_ seconds: Double) -> NIODeadline { .uptimeNanoseconds(UInt64(1_000_000_000 * (100 + seconds))) }

  private func clock() -> RequestClock { RequestClock(limits, now: at(0)) }

  @Test func aConnectionWithoutARequestIsClosedAfterHalfAMinute() {
    var clock = clock()
    let now1 = clock.verdict(at: at(29.9), isAnswering: false)
    #expect(now1 == nil)
    let now2 = clock.verdict(at: at(30), isAnswering: false)
    #expect(now2 == .idle)
    clock.quiet(at: at(25))
    let now3 = clock.verdict(at: at(54), isAnswering: false)
    #expect(now3 == nil)
    let now4 = clock.verdict(at: at(55), isAnswering: false)
    #expect(now4 == .idle)
  }

  @Test func whoWaitsForAnAnswerIsNotIdle() {
    var clock = clock()
    clock.head(at: at(1))
    clock.end()
    let now5 = clock.verdict(at: at(1_000), isAnswering: true)
    #expect(now5 == nil)
  }

  @Test func aHeadHasTenSecondsFromItsFirstByteHoweverManyCome() {
    var clock = clock()
    for second in 5..<15 { clock.bytes(at: at(Double(second))) }
    let now6 = clock.verdict(at: at(14.9), isAnswering: false)
    #expect(now6 == nil)
    let now7 = clock.verdict(at: at(15), isAnswering: false)
    #expect(now7 == .headLate)
  }

  @Test func aBodyIsSlowWhenAStretchBringsLessThanItsRate() {
    var clock = clock()
    clock.head(at: at(0))
    // The first stretch is free, and what came in it does not count for the next.
    clock.body(4_900_000)
    let now8 = clock.verdict(at: at(5), isAnswering: true)
    #expect(now8 == nil)
    clock.body(5 * 1_024)
    let now9 = clock.verdict(at: at(10), isAnswering: true)
    #expect(now9 == nil)
    clock.body(5 * 1_024 - 1)
    let now10 = clock.verdict(at: at(15), isAnswering: true)
    #expect(now10 == .bodySlow)
  }

  @Test func aRequestHasAMinuteWhateverItsRate() {
    var clock = clock()
    clock.bytes(at: at(0))
    clock.head(at: at(9))
    for second in 10..<60 {
      clock.body(100_000)
      let now11 = clock.verdict(at: at(Double(second)), isAnswering: true)
      #expect(now11 == nil)
    }
    let now12 = clock.verdict(at: at(60), isAnswering: true)
    #expect(now12 == .requestLate)
  }

  @Test func nobodyIsBlamedForWhatWeDoNotRead() {
    var clock = clock()
    clock.head(at: at(0))
    let now13 = clock.verdict(at: at(5), isAnswering: true)
    #expect(now13 == nil)
    for second in 6..<100 {
      clock.excuse(.seconds(1))
      let now14 = clock.verdict(at: at(Double(second)), isAnswering: true)
      #expect(now14 == nil)
    }
    let now15 = clock.verdict(at: at(105), isAnswering: true)
    #expect(now15 == .bodySlow)
  }

  @Test func anAnswerIsStalledWhenAStretchTakesNextToNothing() {
    var clock = AnswerClock(limits, now: at(0))
    let now16 = clock.isStalled(at: at(50), written: 1_000, waiting: 0)
    #expect(!now16, "there is nothing to take")
    let now17 = clock.isStalled(at: at(79), written: 100_000, waiting: 99_000)
    #expect(!now17)
    let now18 = clock.isStalled(at: at(80), written: 100_000, waiting: 60_000)
    #expect(!now18, "39,000 were taken")
    let now19 = clock.isStalled(at: at(109), written: 100_000, waiting: 60_000)
    #expect(!now19)
    let now20 = clock.isStalled(at: at(110), written: 100_000, waiting: 59_000)
    #expect(now20)
  }
}
