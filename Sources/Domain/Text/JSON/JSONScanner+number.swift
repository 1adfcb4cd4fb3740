extension JSONScanner {
  /// No honest number is longer; a bound here bounds the work of everything that reads one.
  static let maximumNumberBytes = 1_024

  /// Consumes the number at the index: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
  mutating func number() throws(JSONSyntaxError) -> JSONToken {
    let start = index
    if current == UInt8(ascii: "-") { index += 1 }
    if current == UInt8(ascii: "0") {
      index += 1
      if ASCII.isDigit(current) { throw unexpected("no digit after a leading zero") }
    } else {
      try digits()
    }
    if current == UInt8(ascii: ".") {
      index += 1
      try digits()
    }
    if current | 0x20 == UInt8(ascii: "e") {
      index += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { index += 1 }
      try digits()
    }
    guard index - start <= Self.maximumNumberBytes else {
      throw JSONSyntaxError(
        offset: start, expected: "a number of at most \(Self.maximumNumberBytes) bytes",
        found: "a number of \(index - start) bytes")
    }
    return JSONToken(kind: .number, start: start, end: index)
  }

  private mutating func digits() throws(JSONSyntaxError) {
    guard ASCII.isDigit(current) else { throw unexpected("a digit") }
    repeat { index += 1 } while ASCII.isDigit(current)
  }
}
