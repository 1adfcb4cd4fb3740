import Foundation

/// The script of all pages: what stands in `recount.js` and, each with one subject, in `recount.NAME.js`, served as one, for a page may fetch few files. Without its
/// comments, which are for whoever reads it there and a fifth of what would be sent.
struct PageScript {
  static let name = "recount.js"

  let bytes: [UInt8]

  init(folder: URL) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter(Self.isPart).sorted()
    let parts = try ([Self.name] + names).map {
      try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
    }
    bytes = Array(Self.withoutComments(parts.joined()).utf8)
  }

  static func isPart(_ name: String) -> Bool {
    let words = name.split(separator: ".")
    return words.count == 3 && words.first == "recount" && words.last == "js"
  }

  /// Only those that begin a line: what stands within one may be part of a text.
  private static func withoutComments(_ text: String) -> String {
    var isInComment = false
    let lines = text.split(separator: "\n").filter { line in
      let code = line.drop { $0 == " " }
      if isInComment || code.hasPrefix("/**") {
        isInComment = !code.hasSuffix("*/")
        return false
      }
      return !code.hasPrefix("//")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
