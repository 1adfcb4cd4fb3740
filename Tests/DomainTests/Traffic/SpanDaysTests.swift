import Domain
import TestDatabase
import Testing

@Suite struct SpanDaysTests {
  @Test(arguments: 0..<300) func aSpanIsItsWholeDaysAndItsPartsAndNothingElse(seed: Int) {
    var random = Seeded(seed)
    let quarter = 900_000_000 as Int64
    let from = Int64.random(in: 0...500, using: &random)
    let to = from + Int64.random(in: 0...500, using: &random)
    let span = Instant(microseconds: from * quarter)..<Instant(microseconds: to * quarter)
    let days = SpanDays(span)
    var counted: [Int64] = []
    for part in days.parts { counted += part.quarters.map { part.day.microseconds / quarter + Int64($0) } }
    counted += days.whole.lowerBound.microseconds / quarter..<days.whole.upperBound.microseconds / quarter
    #expect(counted.sorted() == Array(from..<to))
    #expect(days.whole.lowerBound == days.whole.lowerBound.toDay && days.parts.count <= 2)
  }

  @Test func quartersAreWidenedToBothSides() throws {
    let time = try Instant.parse("2026-11-27T00:10:30Z")
    #expect(time.toQuarter == (try Instant.parse("2026-11-27T00:00:00Z")))
    #expect(time.upToQuarter == (try Instant.parse("2026-11-27T00:15:00Z")))
    #expect(time.toQuarter.upToQuarter == time.toQuarter)
  }
}
