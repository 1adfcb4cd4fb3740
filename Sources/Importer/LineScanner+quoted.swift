extension LineScanner {
  /// The text between a quote and the next one that no backslash precedes, its escapes undone, and steps over both.
  /// Apache escapes with `\"`, `\\`, `\n`, `\t` and `\xhh`; nginx with `\xhh`. `nil` when there is no such pair.
  mutating func takeQuoted() -> [UInt8]? {
    guard next == UInt8(ascii: "\"") else { return nil }
    var walk = LineScanner(rest.dropFirst())
    var text: [UInt8] = []
    while let byte = walk.next {
      walk.skip(1)
      switch byte {
      case UInt8(ascii: "\""):
        self = walk
        return text
      case UInt8(ascii: "\\"): text.append(walk.takeEscaped())
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func takeEscaped() -> UInt8 {
    guard let mark = next else { return UInt8(ascii: "\\") }
    skip(1)
    switch mark {
    case UInt8(ascii: "n"): return UInt8(ascii: "\n")
    case UInt8(ascii: "r"): return UInt8(ascii: "\r")
    case UInt8(ascii: "t"): return UInt8(ascii: "\t")
    case UInt8(ascii: "x"):
      guard rest.count >= 2, let byte = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        return mark
      }
      skip(2)
      return byte
    default: return mark
    }
  }
}
