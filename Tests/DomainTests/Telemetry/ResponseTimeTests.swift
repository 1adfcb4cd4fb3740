import Testing

@testable import Domain

@Suite struct ResponseTimeTests {
  func read(_ text: String) -> Int64? { Array(text.utf8).withUnsafeBufferPointer { ResponseTime.nanoseconds($0) } }

  @Test(
    "milliseconds are read exactly, half to even at the seventh decimal",
    arguments: [
      ("0", 0), ("-0", 0), ("-0.000e5", 0), ("12.5", 12_500_000), ("247.7829", 247_782_900), ("1e3", 1_000_000_000),
      ("1.5E-3", 1_500), ("0.1", 100_000), ("3600000", 3_600_000_000_000), ("0.0000005", 0), ("0.0000015", 2),
      ("0.0000025", 2), ("0.00000250000000000000001", 3), ("0.00000049999", 0), ("0.0000006", 1), ("9e-7", 1),
      ("5e-7", 0), ("50e-8", 0), ("51e-8", 1), ("1e-400", 0), ("0e999999999999999999999", 0), ("99e-9", 0),
      ("123456.7891235", 123_456_789_124), ("123456.7891225", 123_456_789_122), ("0.9999999", 1_000_000),
      ("1000e-3", 1_000_000),
    ] as [(String, Int64)])
  func reads(text: String, nanoseconds: Int64) {
    #expect(read(text) == nanoseconds)
  }

  @Test(
    "negative and absurd numbers are refused", arguments: ["-1", "-0.0000000001", "1e300", "1e99999999999", "-1e-400"])
  func refuses(text: String) {
    #expect(read(text) == nil)
  }

  @Test func whatIsWrittenReadsBackTheSame() {
    var random = SplitMix(seed: 3)
    for _ in 0..<20_000 {
      let value = Int64(random.next() % 3_600_000_000_001) / [1, 10, 1_000, 1_000_000][random.below(4)]
      var text: [UInt8] = []
      JSONText.append(millionths: value, to: &text)
      #expect(text.withUnsafeBufferPointer { ResponseTime.nanoseconds($0) } == value)
    }
  }
}
