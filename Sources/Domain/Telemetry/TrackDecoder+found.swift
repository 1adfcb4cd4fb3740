extension TrackDecoder {
  /// The token, if it is there and of its kind.
  @inline(__always)
  func token(
    _ token: JSONToken?, _ kind: JSONToken.Kind, _ field: TrackField, _ allowed: @autoclosure () -> String
  ) throws(FieldProblem) -> JSONToken {
    guard let token else { throw FieldProblem(field: field, found: "nothing", allowed: allowed()) }
    guard token.kind == kind else { throw problem(field, token, allowed()) }
    return token
  }

  func problem(_ field: TrackField, _ token: JSONToken, _ allowed: String) -> FieldProblem {
    FieldProblem(field: field, found: description(of: token), allowed: allowed)
  }

  /// The bytes of a token; of a string, with its escapes as they stand.
  @inline(__always)
  func text(_ token: JSONToken) -> UnsafeBufferPointer<UInt8> { scanner.bytes(of: token) }

  /// A value as an error shows it: at most 64 characters, strings in quotes, of objects and arrays the kind alone.
  func description(of token: JSONToken) -> String {
    switch token.kind {
    case .object, .array, .true, .false, .null: token.kind.name
    case .number: PrintableText.of(text(token))
    case .string:
      token.count > PrintableText.maximumCharacters
        ? "\"\(PrintableText.of(text(token)))\" (\(token.count) bytes)" : "\"\(PrintableText.of(text(token)))\""
    }
  }
}

extension JSONToken.Kind {
  var name: String {
    switch self {
    case .string: "a string"
    case .number: "a number"
    case .object: "an object"
    case .array: "an array"
    case .true: "true"
    case .false: "false"
    case .null: "null"
    }
  }
}
