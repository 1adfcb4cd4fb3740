import Testing

@testable import Domain

@Suite struct PeriodInWordsTests {
  @Test(
    arguments: [
      (214_828_636_000, "6 years and 297 days"), (1, "1 second"), (0, "0 seconds"), (60_000, "1 minute"),
      (65_000, "1 minute and 5 seconds"), (86_340_001, "1 day"), (86_400_000 * 365, "1 year"),
      (86_400_000 * 2 + 1, "2 days and 1 hour"), (3_600_000 * 25, "1 day and 1 hour"), (59_001, "1 minute"),
    ] as [(Int64, String)])
  func aPeriodIsSaidInTheTwoLargestUnits(milliseconds: Int64, text: String) {
    #expect(PeriodInWords.text(.milliseconds(milliseconds)) == text)
  }
}
