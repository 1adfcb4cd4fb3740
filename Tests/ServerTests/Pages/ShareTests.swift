import Testing

@testable import Server

/// What a read model holds may be anything, and traps nobody.
@Suite struct ShareTests {
  @Test(
    arguments: [
      (1, 3, "0.333333", "33.333333"), (0, 5, "0", "0"), (2, 0, nil, nil), (-1, 5, nil, nil),
      (.max, .max, "1", "100"), (.max, 1, "9223372036854.775807", "9223372036854.775807"),
    ] as [(Int64, Int64, String?, String?)])
  func aShareIsRoundedAtItsSixthDecimal(_ part: Int64, _ whole: Int64, _ share: String?, _ percent: String?) {
    #expect(Share.of(part, in: whole) == share)
    #expect(Share.percent(part, of: whole) == percent)
  }
}
