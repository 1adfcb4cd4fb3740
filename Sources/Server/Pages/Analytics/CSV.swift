import Domain

/// A table as CSV (RFC 4180), safe to open in a spreadsheet: a cell that one would take for a formula gets an apostrophe before it.
struct CSV: Sendable {
  private(set) var text = ""

  init(columns: [String]) { add(columns) }

  mutating func add(_ cells: [String]) { text += cells.map(Self.cell).joined(separator: ",") + "\r\n" }

  /// What spreadsheets begin formulas with, also behind a tab or a line break (OWASP, CSV injection).
  private static let formula: Set<Character> = ["=", "+", "-", "@", "\t", "\r", "\n", "\r\n"]
  private static let quoted: Set<Character> = [",", "\"", "\r", "\n", "\r\n"]

  private static func cell(_ text: String) -> String {
    let safe = text.first.map { formula.contains($0) } == true ? "'" + text : text
    guard safe.contains(where: { quoted.contains($0) }) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }
}

extension JSONValue {
  /// As a cell has it.
  var cell: String {
    switch self {
    case .null: ""
    case .string(let text): text
    default: text
    }
  }
}
