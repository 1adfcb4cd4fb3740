/// Shows text that is not ours (a line of somebody's log, a name, a database's reason) so that it can't act on who reads it: on a
/// terminal, ESC and C1 move the cursor and set titles, a line break forges a line, and bidi controls turn the order of what stands
/// around them.
package enum ForeignText {
  /// As part of one line: whatever could disorder it is written as `\u{…}`.
  package static func line(_ text: String) -> String { shown(text, keepingLineFeeds: false) }

  /// As lines: as ``line(_:)``, but line feeds stay.
  package static func lines(_ text: String) -> String { shown(text, keepingLineFeeds: true) }

  /// A JSON text that says the same to every reader of JSON: what could disorder a line is escaped as JSON does it.
  package static func json(_ text: String) -> String {
    rewritten(text, keepingLineFeeds: true) { scalar in
      // Outside of strings a JSON text is ASCII, so that all of these stand within one.
      String(scalar).utf16.reduce(into: "") { escaped, unit in
        let digits = String(unit, radix: 16)
        escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
  }

  /// Whether a scalar can't be seen for what it does: a control, a format character such as a bidi override, a line or paragraph
  /// separator. The joiners are not among them: Persian, Indic scripts and emoji are spelt with them.
  package static func disorders(_ scalar: UnicodeScalar) -> Bool {
    if scalar.value >= 0x20, scalar.value < 0x7F { return false }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: return true
    case .format: return scalar.value != 0x200C && scalar.value != 0x200D
    default: return false
    }
  }

  /// A scalar as part of one line. Those without a meaning that all share are written out, too.
  static func piece(_ scalar: UnicodeScalar) -> String {
    isPlain(scalar) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
  }

  private static func isPlain(_ scalar: UnicodeScalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .privateUse, .unassigned: false
    default: !disorders(scalar)
    }
  }

  private static func shown(_ text: String, keepingLineFeeds: Bool) -> String {
    rewritten(text, keepingLineFeeds: keepingLineFeeds, escape: piece)
  }

  private static func rewritten(
    _ text: String, keepingLineFeeds: Bool, escape: (UnicodeScalar) -> String
  ) -> String {
    func stays(_ scalar: UnicodeScalar) -> Bool { isPlain(scalar) || keepingLineFeeds && scalar == "\n" }
    guard let first = text.unicodeScalars.firstIndex(where: { !stays($0) }) else { return text }
    var shown = String(text.unicodeScalars[..<first])
    for scalar in text.unicodeScalars[first...] {
      if stays(scalar) { shown.unicodeScalars.append(scalar) } else { shown += escape(scalar) }
    }
    return shown
  }
}
