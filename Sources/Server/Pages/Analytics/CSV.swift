import Domain

/// A table as CSV (RFC 4180), safe to open in a spreadsheet: a cell that one would take for a formula gets an apostrophe before it.
struct CSV: Sendable {
  private(set) var text = ""

  init(columns: [String]) { add(columns) }

  mutating func add(_ cells: [String]) { text += cells.map(Self.cell).joined(separator: ",") + "\r\n" }

  /// What spreadsheets begin formulas with, also behind a tab or a line break (OWASP, CSV injection).
  ///
  /// Scalars and bytes, not characters: a scalar that joins to a quote would hide it.
  private static let formula: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
  ]
  private static let quoted = Set(",\"\r\n".utf8)
  private static let quote = UInt8(ascii: "\"")

  private static func cell(_ text: String) -> String {
    let safe = text.unicodeScalars.first.map { formula.contains($0) } == true ? "'" + text : text
    guard safe.utf8.contains(where: { quoted.contains($0) }) else { return safe }
    var bytes = [quote]
    for byte in safe.utf8 { bytes += byte == quote ? [quote, quote] : [byte] }
    return String(decoding: bytes + [quote], as: UTF8.self)
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
