import Foundation
import Testing

/// Texts that send a reader to a file, or to a test.
@Suite struct ReferenceTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func files(of folder: String, ending: String) throws -> [URL] {
    let folder = root.appending(path: folder)
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(ending) }
      .map { folder.appending(path: $0) }
  }

  @Test func everySQLFileThatSourcesNameIsThere() throws {
    let sql = try Self.files(of: "Sources", ending: ".sql").map(\.path)
    var named = 0
    for file in try Self.files(of: "Sources", ending: ".swift") {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /SQL\/[a-z0-9_\/]+\.sql/) {
        named += 1
        #expect(sql.contains { $0.hasSuffix("/" + match.0) }, "\(file.path) names \(match.0)")
      }
    }
    #expect(named > 0)
  }

  /// A newcomer follows them before anything else.
  @Test func everyLinkOfAReadmeLeadsToAFile() throws {
    let folders = ["EventSchemas", "Projections", "Sources", "Tests", "tools", ".github"]
    let pages = try folders.flatMap { try Self.files(of: $0, ending: ".md") } + [Self.root.appending(path: "README.md")]
    var links = 0
    for page in pages {
      let text = try String(contentsOf: page, encoding: .utf8)
      for match in text.matches(of: /\]\((?<path>[^)#:]+)(#[^)]*)?\)/) {
        links += 1
        let target = page.deletingLastPathComponent().appending(path: String(match.path))
        #expect(FileManager.default.fileExists(atPath: target.path), "\(page.path) links to \(match.path)")
      }
    }
    #expect(links > 0)
  }

  /// The README says of each promise where it is tested.
  @Test func everySuiteThatTheReadmeNamesIsThere() throws {
    let suites = try Self.files(of: "Tests", ending: ".swift").flatMap { file in
      try String(contentsOf: file, encoding: .utf8).matches(of: /struct (\w+Tests)\b/).map { String($0.1) }
    }
    let readme = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    let named = readme.matches(of: /\b[A-Z]\w+Tests\b/).map { String($0.0) }
    #expect(!named.isEmpty)
    for name in named { #expect(suites.contains(name), "the README names \(name)") }
  }
}
