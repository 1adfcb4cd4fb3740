import Domain
import Foundation
import Testing

@Suite struct JSONValueTests {
  @Test(arguments: [
    ("12.5000000000000000", "12.5"), ("0.000000", "0"), ("-0.500", "-0.5"), ("100", "100"), ("1200", "1200"),
    ("1000.0", "1000"), ("0.3333333333333333", "0.3333333333333333"), ("10.010", "10.01"), ("1.5e+300", "1.5e+300"),
    ("1.0e20", "1.0e20"), ("0", "0"),
  ])
  func aNumberIsWrittenInItsShortestExactForm(number: String, written: String) {
    #expect(String(decoding: JSONValue.number(number).bytes, as: UTF8.self) == written)
  }

  @Test func aTextIsEscapedAsTheLogsAre() {
    let text = JSONValue.string("\"a\\\u{0}\u{8}\t\n\u{C}\r\u{1F}\u{7F}é😀/")
    #expect(String(decoding: text.bytes, as: UTF8.self) == #""\"a\\\u0000\b\t\n\f\r\u001f"# + "\u{7F}é😀/\"")
  }

  @Test(
    arguments: [
      ("1", .integer(1)), ("-0", .integer(0)), ("1.0", .integer(1)), ("100e-2", .integer(1)), ("1.5E+1", .integer(15)),
      ("-0.0", .integer(0)),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9007199254740993.0", .integer(9_007_199_254_740_993)),
      ("0.99999999999999999999", .number("0.99999999999999999999")),
      ("9223372036854775808", .number("9223372036854775808")),
      ("123456789012345678901234567890", .number("123456789012345678901234567890")), ("12.50", .number("12.50")),
      ("0.30000000000000000001", .number("0.30000000000000000001")), ("1e400", .number("1e400")),
      (
        #"{"a": 1, "\u0061": 2, "b": [true, false, null, {}, []]}"#,
        .object(["a": 1, "b": .array([true, false, .null, .object([:]), .array([])])])
      ),
      (#""\ud83d\ude00\"\\\/\b\f\n\r\t\u0000é""#, .string("😀\"\\/\u{8}\u{C}\n\r\t\u{0}é")),
      (" [ 1 ,2 ] ", .array([1, 2])),
    ] as [(String, JSONValue)])
  func whatIsReadKeepsEveryDigitAndOfANameTwiceTheFirst(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: Data(text.utf8)) == value)
  }

  @Test(arguments: [
    "", " ", "01", "1.", "nul", "[1,]", #"{"a":1,}"#, "1 2", #""\ud800""#, "\"\u{1}\"", "\"a\nb\"", "\u{FEFF}1",
    "{1:2}",
  ])
  func whatIsNoDocumentOfUnicodeTextIsRefused(text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Data(text.utf8)) }
  }

  @Test func nothingIsReadThatIsNestedDeeperThanAnythingIsMeantToBe() throws {
    func nested(_ depth: Int) -> Data {
      Data((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(throws: Never.self) { try JSONValue(parsing: nested(64)) }
    for depth in [65, 513, 100_000] {
      #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: nested(depth)) }
    }
  }

  @Test func bytesThatAreNoUTF8AreRefused() {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
  }
}
