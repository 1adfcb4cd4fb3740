import Foundation

/// Text of a header that anybody may have chosen. Whatever it holds, it stays within its header: it has no line breaks and no
/// controls, and what is not plain ASCII is rendered as encoded words (RFC 2047).
package struct HeaderText: Sendable, Hashable {
  /// One line, without white space around it.
  package let text: String

  /// Line breaks and controls become spaces.
  package init(_ text: String) {
    let words = text.unicodeScalars.split { scalar in
      scalar.properties.isWhitespace || scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }
    self.text = words.map { String(String.UnicodeScalarView($0)) }.joined(separator: " ")
  }

  /// As it stands in a header whose line is so many columns long already, folded to lines of at most 78 (encoded: 76).
  ///
  /// - Parameter asWords: encodes it even if it is plain ASCII.
  func rendered(after column: Int, asWords: Bool = false) -> String {
    isPlain && !asWords ? folded(after: column) : encoded(after: column)
  }

  /// Beyond this a word could not be folded into the 78 columns that RFC 5322 asks for.
  private static let longestWord = 60

  private var isPlain: Bool {
    text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
      && text.split(separator: " ").allSatisfy { $0.utf8.count <= Self.longestWord }
  }

  private func folded(after column: Int) -> String {
    var column = column
    var result = ""
    for word in text.split(separator: " ") {
      if result.isEmpty {
        result += word
      } else if column + 1 + word.utf8.count > 78 {
        result += "\r\n " + word
        column = 1 + word.utf8.count
        continue
      } else {
        result += " " + word
        column += 1
      }
      column += word.utf8.count
    }
    return result
  }

  private static let opening = "=?UTF-8?B?"
  private static let closing = "?="

  /// Each word is whole by itself: a character is never cut in two.
  private func encoded(after column: Int) -> String {
    var words: [String] = []
    var chunk: [UInt8] = []
    var room = Self.room(after: column)
    func flush() {
      words.append(Self.opening + Data(chunk).base64EncodedString() + Self.closing)
      chunk = []
      room = Self.room(after: 1)
    }
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if chunk.count + bytes.count > room { flush() }
      chunk += bytes
    }
    if !chunk.isEmpty { flush() }
    return words.joined(separator: "\r\n ")
  }

  /// Bytes whose base64 fits into what is left of 76 columns.
  private static func room(after column: Int) -> Int {
    let columns = min(75, 76 - column) - opening.utf8.count - closing.utf8.count
    return columns / 4 * 3
  }
}
