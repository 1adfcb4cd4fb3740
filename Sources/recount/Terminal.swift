import Domain
import Foundation

/// The only way of this program to a terminal: no file but this one prints, so that nothing that a stranger wrote reaches it raw.
enum Terminal {
  /// A line, or several of our own, on standard output.
  static func say(_ text: TerminalText) { print(text.text) }

  /// A JSON text on standard output, for programs and eyes.
  static func say(json text: String) { print(ForeignText.json(text)) }

  /// A value as JSON on standard output, its members in snake case.
  static func say(asJSON value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    say(json: String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// A line on standard error, where it does not mix with an answer.
  static func note(_ text: TerminalText) { FileHandle.standardError.write(Data("\(text.text)\n".utf8)) }

  /// Overwrites the line that the cursor is on, on standard error; with nothing: clears it.
  static func overwrite(_ text: TerminalText = "") {
    // Carriage return, and "erase to the end of the line" (ECMA-48, EL).
    FileHandle.standardError.write(Data("\r\(text.text)\u{1B}[K".utf8))
  }
}

/// Text fit for a terminal. Its literal parts are ours; whatever is interpolated is shown by ``ForeignText`` as part of one line,
/// unless it says that it is text fit for a terminal already.
struct TerminalText: ExpressibleByStringInterpolation {
  let text: String

  init(stringLiteral value: String) { text = value }

  init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  /// Each on a line of its own.
  init(lines: [String]) { text = lines.map(ForeignText.line).joined(separator: "\n") }

  struct StringInterpolation: StringInterpolationProtocol {
    var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { text += literal }

    mutating func appendInterpolation(_ value: some Any) { text += ForeignText.line("\(value)") }

    mutating func appendInterpolation(_ fit: TerminalText) { text += fit.text }
  }
}
