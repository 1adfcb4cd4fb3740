import Foundation
import Testing

@testable import Domain

@Suite struct ForeignTextTests {
  @Test(arguments: [
    ("\u{1B}]0;owned\u{7}", #"\u{1b}]0;owned\u{7}"#), ("a\u{9B}2J", #"a\u{9b}2J"#), ("a\u{0}b", #"a\u{0}b"#),
    ("a\r\nb", #"a\u{d}\u{a}b"#), ("\u{202E}cod.exe", #"\u{202e}cod.exe"#), ("\u{2066}x", #"\u{2066}x"#),
    ("a\u{2028}b", #"a\u{2028}b"#), ("tab\tdel\u{7F}", #"tab\u{9}del\u{7f}"#), ("\u{E000}", #"\u{e000}"#),
  ])
  func whatCouldActOnAReaderIsWrittenOut(text: String, shown: String) {
    #expect(ForeignText.line(text) == shown)
  }

  @Test(arguments: ["shop", "Übergröße", "日本語", "می‌خواهم", "👩‍👧", "e\u{301}"])
  func whatPeopleWriteStaysAsItIs(text: String) {
    #expect(ForeignText.line(text) == text)
    #expect(ForeignText.json(text) == text)
  }

  @Test func linesStayLines() {
    #expect(ForeignText.lines("a\n\u{1B}b\n") == "a\n\\u{1b}b\n")
  }

  @Test func JSONSaysTheSameWithoutARawControl() throws {
    let text = "\u{1B}\u{9B}\u{202E}\u{0}\u{E0001}\u{7F}\n\"\\"
    let json = ForeignText.json(String(decoding: try JSONEncoder().encode([text]), as: UTF8.self))
    #expect(json.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 && $0.value != 0x7F })
    #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == [text])
  }

  /// A file that prints by itself would give strangers' text a way to the terminal.
  @Test func noFileOfTheProgramOrTheImporterPrintsByItself() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources").standardized
    let doors = ["Terminal.swift", "ImportDisplay.swift"]
    for target in ["recount", "Importer"] {
      let folder = sources.appending(path: target)
      let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
      #expect(files.count > doors.count)
      for file in files where !doors.contains(URL(filePath: file).lastPathComponent) {
        let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        #expect(!text.contains(/\bprint\(|standardError\.write|fputs|puts\(/), "\(target)/\(file)")
      }
    }
  }
}
