import Foundation

/// A message for a channel: all of it as `text`, which is what notifications and readers of the screen get, and the same in blocks.
struct SlackMessage: Sendable, Equatable {
  /// Escaped; its title first.
  let text: String
  /// Escaped, each short enough for a section.
  let sections: [String]

  /// Sections that Slack takes of a message, less than it says.
  private static let mostSections = 40
  /// Characters that Slack takes of a section, in UTF-16.
  static let sectionLength = 3_000

  init(title: String, paragraphs: [String]) {
    let paragraphs = [title] + paragraphs
    text = paragraphs.map { Self.escaped($0) }.joined(separator: "\n\n")
    sections = Array(paragraphs.flatMap { Self.pieces(of: $0) }.prefix(Self.mostSections))
  }

  /// The three that Slack asks for, and nothing else: without them nobody can be called by name, or a link show as another.
  static func escaped(_ text: some StringProtocol) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }

  /// Cut before what is escaped, so that nothing escaped is cut.
  private static func pieces(of text: String) -> [String] {
    var pieces: [String] = []
    var (piece, length) = ("", 0)
    for scalar in text.unicodeScalars {
      let next = escaped(String(scalar))
      if length + next.utf16.count > sectionLength {
        pieces.append(piece)
        (piece, length) = ("", 0)
      }
      piece += next
      length += next.utf16.count
    }
    return piece.isEmpty ? pieces : pieces + [piece]
  }

  /// What is posted.
  var json: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return Array(try encoder.encode(Posted(text: text, blocks: sections.map { Block(text: Section(text: $0)) })))
    }
  }

  private struct Posted: Encodable {
    let text: String
    let blocks: [Block]
  }

  private struct Block: Encodable {
    let type = "section"
    let text: Section
  }

  private struct Section: Encodable {
    let type = "mrkdwn"
    let text: String
    /// What looks like a name of a channel or a person is left as it stands.
    let verbatim = true
  }
}
