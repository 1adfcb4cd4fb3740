package import Foundation

extension JSONValue {
  /// Reads a document in UTF-8: one value, at most ``JSONScanner/deepest`` levels deep, all of whose strings are Unicode text. Of a member
  /// that comes twice the first counts. Throws ``JSONSyntaxError``.
  package init(parsing document: some ContiguousBytes) throws {
    self = try document.withUnsafeBytes { bytes in
      var parser = JSONParser(scanner: JSONScanner(bytes.assumingMemoryBound(to: UInt8.self)))
      return try parser.document()
    }
  }
}

/// Builds values of what the scanner finds. Calls itself for what is nested, which the scanner bounds.
private struct JSONParser {
  var scanner: JSONScanner

  mutating func document() throws(JSONSyntaxError) -> JSONValue {
    scanner.skipSpace()
    let document = try value()
    try scanner.end()
    if let flaw = scanner.flaw {
      throw JSONSyntaxError(offset: flaw.offset, expected: flaw.allowed, found: flaw.found(in: scanner.bytes))
    }
    return document
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONValue {
    switch scanner.current {
    case UInt8(ascii: "{"): return .object(try members())
    case UInt8(ascii: "["): return .array(try elements())
    default: break
    }
    let token = try scanner.value()
    return switch token.kind {
    case .string: .string(text(token))
    case .number: number(String(decoding: scanner.bytes(of: token), as: UTF8.self))
    case .true: true
    case .false: false
    case .null, .object, .array: .null
    }
  }

  private mutating func members() throws(JSONSyntaxError) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    var isFirst = true
    try scanner.enter()
    while let key = try scanner.nextKey(isFirst: &isFirst) {
      let (name, member) = (text(key), try value())
      if members[name] == nil { members[name] = member }
    }
    return members
  }

  private mutating func elements() throws(JSONSyntaxError) -> [JSONValue] {
    var elements: [JSONValue] = []
    var isFirst = true
    try scanner.enter()
    while try scanner.nextElement(isFirst: &isFirst) { elements.append(try value()) }
    return elements
  }

  private func text(_ token: JSONToken) -> String { scanner.withText(token) { String(decoding: $0, as: UTF8.self) } }

  /// A whole number is one however it is written; any other, and one beyond `Int`, keeps its text.
  private func number(_ text: String) -> JSONValue {
    (Int(text) ?? Self.wholeNumber(text)).map { .integer($0) } ?? .number(text)
  }

  /// Of a text with a fraction or an exponent, without a step through a `Double`, which would round it.
  private static func wholeNumber(_ text: String) -> Int? {
    let parts = text.split { $0 == "e" || $0 == "E" }
    guard let exponent = parts.count == 1 ? 0 : Int(parts[1]), (-1_100...18).contains(exponent) else { return nil }
    let mantissa = parts[0].split(separator: ".")
    var digits = mantissa.joined()
    var zeros = exponent - (mantissa.count == 1 ? 0 : mantissa[1].utf8.count)
    while zeros < 0, digits.last == "0" {
      digits.removeLast()
      zeros += 1
    }
    return zeros < 0 ? nil : Int(digits + String(repeating: "0", count: zeros))
  }
}
