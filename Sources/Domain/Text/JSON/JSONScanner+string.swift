extension JSONScanner {
  /// Consumes the string at the index. Runs of plain ASCII are passed eight bytes at a time.
  mutating func string() throws(JSONSyntaxError) -> JSONToken {
    index += 1
    let start = index
    var isEscaped = false
    while true {
      index = PlainText.end(in: bytes, from: index)
      guard index < bytes.count else { throw unexpected("'\"' at the end of the string") }
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        return JSONToken(kind: .string, start: start, end: index - 1, isEscaped: isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        try escape()
      case 0x80...:
        multibyte()
      default:
        throw unexpected("control characters written as escapes, such as \\n or \\u0001")
      }
    }
  }

  private mutating func escape() throws(JSONSyntaxError) {
    let start = index
    index += 1
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      index += 1
    case UInt8(ascii: "u"):
      index += 1
      let unit = try hexUnit()
      switch unit {
      case 0xDC00...0xDFFF: note(.loneSurrogate, at: start)
      case 0xD800...0xDBFF: try lowSurrogate(after: start)
      default: break
      }
    default:
      throw unexpected("one of \" \\ / b f n r t u after a backslash")
    }
  }

  /// A high surrogate must be followed by an escaped low one. Another escape is left to be scanned in its own right.
  private mutating func lowSurrogate(after start: Int) throws(JSONSyntaxError) {
    guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
      return note(.loneSurrogate, at: start)
    }
    let next = index
    index += 2
    if !(0xDC00...0xDFFF).contains(try hexUnit()) {
      note(.loneSurrogate, at: start)
      index = next
    }
  }

  private mutating func hexUnit() throws(JSONSyntaxError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = ASCII.hexValue(current) else { throw unexpected("four hexadecimal digits after \\u") }
      unit = unit << 4 | UInt32(digit)
      index += 1
    }
    return unit
  }

  private mutating func multibyte() {
    let length = UTF8Sequence.length(in: bytes, at: index)
    if length == 0 { note(.invalidUTF8, at: index) }
    index += max(length, 1)
  }

  private mutating func note(_ kind: JSONTextFlaw.Kind, at offset: Int) {
    if flaw == nil { flaw = JSONTextFlaw(kind: kind, offset: offset) }
  }
}
