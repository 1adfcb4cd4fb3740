import Domain
import Testing

@Suite struct PercentileTextTests {
  @Test(arguments: [
    ("0", 0, "0"), ("50", 50_000, "50"), ("99.9", 99_900, "99.9"), ("099.90", 99_900, "99.9"), ("0.001", 1, "0.001"),
    ("100", 100_000, "100"), ("100.000", 100_000, "100"), ("7.05", 7_050, "7.05"),
  ])
  func aShareIsReadExactlyAndShownInItsShortestForm(text: String, thousandths: Int64, shown: String) {
    #expect(Percentile(text)?.thousandths == thousandths)
    #expect(Percentile(text)?.description == shown)
  }

  @Test(arguments: [
    "", ".", "5.", ".5", "100.001", "101", "1000", "0.0001", "-1", "+5", " 5", "5 ", "1e1", "5,5", "٥", "NaN", "5.5.5",
  ])
  func whatIsNoShareIsNone(text: String) { #expect(Percentile(text) == nil) }
}
