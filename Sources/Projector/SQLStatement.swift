/// One statement of an apply.sql.
struct SQLStatement: Sendable, Equatable {
  /// Its text, comments included.
  var sql: String
  /// The highest `$n` in it: PostgreSQL wants as many parameters as a statement has.
  var parameterCount: Int

  /// The statements of a file, which are separated by semicolons. Those in quotes, dollar quotes and comments separate nothing.
  static func all(in file: String) -> [SQLStatement] {
    var splitter = SQLStatementSplitter(file)
    return splitter.split()
  }
}

/// Finds the semicolons that separate statements (PostgreSQL manual, "Lexical Structure").
private struct SQLStatementSplitter {
  private let bytes: [UInt8]
  private var index = 0
  private var start = 0
  private var parameterCount = 0
  /// Whether anything but white space and comments has been seen since `start`.
  private var hasContent = false
  private var statements: [SQLStatement] = []

  init(_ file: String) { bytes = Array(file.utf8) }

  mutating func split() -> [SQLStatement] {
    while let byte = current { step(byte) }
    end()
    return statements
  }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func step(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: ";"):
      end()
      index += 1
      start = index
    case UInt8(ascii: "'"), UInt8(ascii: "\""): skipQuoted(byte)
    case UInt8(ascii: "-") where starts(with: "--"): skip(to: "\n")
    case UInt8(ascii: "/") where starts(with: "/*"): skipComment()
    case UInt8(ascii: "$"): dollar()
    case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
    default: skipWord()
    }
  }

  /// A word, so that the `$` of `a$1` is not taken for a parameter, or one other byte.
  private mutating func skipWord() {
    hasContent = true
    let isEscapeString = current == UInt8(ascii: "E") || current == UInt8(ascii: "e")
    let from = index
    while let byte = current, byte.isWord || (byte == UInt8(ascii: "$") && index > from) { index += 1 }
    if index == from { index += 1 }
    if isEscapeString, index == from + 1, current == UInt8(ascii: "'") { skipQuoted(UInt8(ascii: "'"), escapes: true) }
  }

  /// A doubled quote ends one string and begins the next, which comes to the same.
  private mutating func skipQuoted(_ quote: UInt8, escapes: Bool = false) {
    hasContent = true
    index += 1
    while let byte = current, byte != quote { index += escapes && byte == UInt8(ascii: "\\") ? 2 : 1 }
    index += 1
  }

  /// Comments nest.
  private mutating func skipComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        index += 2
      } else if starts(with: "*/") {
        depth -= 1
        index += 2
      } else {
        index += 1
      }
    } while depth > 0 && index < bytes.count
  }

  /// `$1`, or a `$tag$` up to the next one.
  private mutating func dollar() {
    hasContent = true
    var end = index + 1
    while end < bytes.count, bytes[end].isWord { end += 1 }
    let tag = bytes[index..<end]
    if let number = Int(String(decoding: tag.dropFirst(), as: UTF8.self)) {
      parameterCount = max(parameterCount, number)
      index = end
    } else if end < bytes.count, bytes[end] == UInt8(ascii: "$") {
      index = end + 1
      skip(to: String(decoding: tag, as: UTF8.self) + "$")
    } else {
      index = end
    }
  }

  private mutating func skip(to text: String) {
    while index < bytes.count, !starts(with: text) { index += 1 }
    index += text.utf8.count
  }

  private func starts(with text: String) -> Bool { bytes[min(index, bytes.count)...].starts(with: text.utf8) }

  private mutating func end() {
    if hasContent {
      let text = String(decoding: bytes[start..<min(index, bytes.count)], as: UTF8.self)
      statements.append(SQLStatement(sql: text, parameterCount: parameterCount))
    }
    (parameterCount, hasContent) = (0, false)
  }
}

extension UInt8 {
  /// Part of a name or number; all of UTF-8's other bytes are letters to PostgreSQL.
  fileprivate var isWord: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
