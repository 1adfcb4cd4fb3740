import Testing

@testable import Domain

/// Money may depend on a digit: none is left out.
@Suite struct GroupedTests {
  @Test(
    arguments: [
      (0, "0"), (7, "7"), (999, "999"), (1_000, "1,000"), (48_211, "48,211"), (1_000_000_000_000, "1,000,000,000,000"),
      (-1_234, "-1,234"), (Int64.max, "9,223,372,036,854,775,807"), (Int64.min, "-9,223,372,036,854,775,808"),
    ] as [(Int64, String)])
  func digitsStandInGroupsOfThree(_ number: Int64, _ text: String) { #expect(number.grouped == text) }
}
