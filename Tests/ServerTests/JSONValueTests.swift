import Testing

@testable import Server

@Suite struct JSONValueTests {
  @Test(arguments: [
    ("12.5000000000000000", "12.5"), ("0.000000", "0"), ("-0.500", "-0.5"), ("100", "100"), ("1200", "1200"),
    ("1000.0", "1000"), ("0.3333333333333333", "0.3333333333333333"), ("10.010", "10.01"), ("1.5e+300", "1.5e+300"),
    ("1.0e20", "1.0e20"), ("0", "0"),
  ])
  func aNumberIsWrittenInItsShortestExactForm(number: String, written: String) {
    #expect(String(decoding: JSONValue.number(number).bytes, as: UTF8.self) == written)
  }
}
