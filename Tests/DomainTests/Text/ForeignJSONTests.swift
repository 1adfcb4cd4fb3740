import Domain
import Foundation
import Testing

/// What Foundation's decoder can't stand never reaches it, and what it can does.
@Suite struct ForeignJSONTests {
  /// Each of these ends the process where the decoder gets it.
  @Test(arguments: [513, 514, 2_000]) func whatIsNestedDeeperThanAnythingIsRefused(depth: Int) {
    for end in ["", "\r"] {
      let text = String(repeating: "[", count: depth) + end
      #expect(throws: ForeignJSON.Refused.self) { try ForeignJSON.decode([String].self, from: Data(text.utf8)) }
      // Bytes of such characters, read one by one, could pass for quotes that hide the brackets.
      let wide = Data("\u{2200}\(text)".data(using: .utf16LittleEndian) ?? Data())
      #expect(throws: ForeignJSON.Refused.self) { try ForeignJSON.decode([String].self, from: wide) }
    }
  }

  @Test func bracketsInTextsAreNoNesting() throws {
    let texts = [String(repeating: "[{", count: 1_000), "\"[", "\\\"[[\\", ""]
    let data = try JSONEncoder().encode(texts)
    #expect(try ForeignJSON.decode([String].self, from: data) == texts)
    let wide = "[" + [String](repeating: "[]", count: 1_000).joined(separator: ",") + "]"
    #expect(try ForeignJSON.decode([[String]].self, from: Data(wide.utf8)).count == 1_000)
  }
}
