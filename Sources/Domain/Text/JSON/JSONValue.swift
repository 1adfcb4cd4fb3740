/// A JSON document, in the making or read. Numbers that must be exact are given as their text.
package enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  /// A number's text, already JSON: decimals from the database, and numbers that are read, keep every digit that says something.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])
  /// A document that has been written, as ``bytes`` gives it. Equal to none but what was written likewise.
  case written([UInt8])

  /// The document in UTF-8, its keys sorted so that equal documents are equal bytes.
  package var bytes: [UInt8] {
    var output: [UInt8] = []
    write(to: &output)
    return output
  }

  /// The same as text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Appends the document.
  package func write(to output: inout [UInt8]) {
    switch self {
    case .written(let bytes): output += bytes
    case .null: output += "null".utf8
    case .bool(let value): output += (value ? "true" : "false").utf8
    case .integer(let value): JSONText.append(Int64(value), to: &output)
    case .number(let text): output += Self.shortest(text)
    case .string(let text): JSONText.append(quoted: text, to: &output)
    case .array(let elements):
      output.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        element.write(to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      for (index, (key, value)) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        JSONText.append(quoted: key, to: &output)
        output.append(UInt8(ascii: ":"))
        value.write(to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// The same number without the zeros that end its fraction: PostgreSQL's quotients have up to twenty of them.
  private static func shortest(_ number: String) -> Substring.UTF8View {
    let digits = number.utf8
    guard digits.contains(UInt8(ascii: ".")), !digits.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }),
      let last = digits.lastIndex(where: { $0 != UInt8(ascii: "0") })
    else { return digits[...] }
    return digits[last] == UInt8(ascii: ".") ? digits[..<last] : digits[...last]
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  /// A string.
  package init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  package init(integerLiteral value: Int) { self = .integer(value) }
  /// True or false.
  package init(booleanLiteral value: Bool) { self = .bool(value) }
}
