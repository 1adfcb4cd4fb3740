import Domain
import RecountClient

/// Walks over the bytes of one line from left to right.
struct LineScanner {
  private(set) var rest: ArraySlice<UInt8>

  init(_ line: ArraySlice<UInt8>) { rest = line }

  var next: UInt8? { rest.first }

  mutating func skip(_ count: Int) { rest = rest.dropFirst(count) }

  mutating func skipSpaces() { rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }

  /// Takes the text if it comes next.
  mutating func take(_ text: StaticString) -> Bool {
    let isNext = text.withUTF8Buffer { rest.starts(with: $0) }
    if isNext { skip(text.utf8CodeUnitCount) }
    return isNext
  }

  /// What comes before the byte, and steps over both. `nil`, and no step, when the byte doesn't come.
  mutating func take(upTo byte: UInt8) -> ArraySlice<UInt8>? {
    guard let end = rest.firstIndex(of: byte) else { return nil }
    defer { rest = rest[(end + 1)...] }
    return rest[..<end]
  }

  /// What comes before the next space or the end.
  mutating func takeWord() -> ArraySlice<UInt8> {
    skipSpaces()
    let word = rest.prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    rest = rest[word.endIndex...]
    return word
  }

  /// Exactly so many digits, as a number.
  mutating func takeDigits(_ count: Int) -> Int64? {
    guard rest.count >= count, let number = rest.prefix(count).decimalNumber else { return nil }
    skip(count)
    return number
  }
}

extension Collection<UInt8> {
  /// A whole number of at most 18 digits and nothing else.
  var decimalNumber: Int64? {
    guard !isEmpty, count <= 18 else { return nil }
    var number: Int64 = 0
    for byte in self {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      number = number * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return number
  }

  /// As text for a message: short, and whatever the bytes are.
  var shown: String {
    "\"" + ForeignText.line(String(decoding: prefix(60), as: UTF8.self)) + (count > 60 ? "…\"" : "\"")
  }
}
