/// A strict pull scanner for JSON (RFC 8259) over bytes it does not own: whatever here reads JSON stands on it.
///
/// It hands out tokens, which are places in the input, and builds no tree: the caller copies only what it keeps.
/// Nested values are walked with a counter instead of recursion, so depth costs no stack.
/// The bytes must outlive the scanner; it is made and dropped within one `withUnsafeBufferPointer`.
///
/// Two faults can be pinned on one string without losing one's place in the document: bytes that are no UTF-8, and
/// surrogate escapes without their partner. They are noted in `flaw`, and it is for the caller to refuse the event
/// they are in (or everything), so that one customer's mis-encoded path does not cost its 499 neighbours.
/// All other faults end the scan.
package struct JSONScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  let maximumDepth: Int
  /// How far it has read.
  package internal(set) var index = 0
  var depth = 0
  /// The first string since this was last set to nil that is no Unicode text.
  package internal(set) var flaw: JSONTextFlaw?

  /// Levels of nesting, far more than anything here is meant to have: the bits of the word that remembers the way out.
  package static let deepest = 64

  /// - Parameter maximumDepth: 1 is a flat object. At most ``deepest``.
  package init(_ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int = JSONScanner.deepest) {
    self.bytes = bytes
    self.maximumDepth = min(maximumDepth, Self.deepest)
  }

  /// Whether it is one value, whole, and its strings are Unicode text.
  package static func accepts(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var scanner = JSONScanner(bytes)
    do throws(JSONSyntaxError) {
      scanner.skipSpace()
      _ = try scanner.value()
      try scanner.end()
    } catch { return false }
    return scanner.flaw == nil
  }

  /// The byte at the index, or 0 at the end, which no rule of the grammar accepts.
  @inline(__always)
  package var current: UInt8 { index < bytes.count ? bytes[index] : 0 }

  /// White space is no part of any value.
  @inline(__always)
  package mutating func skipSpace() {
    while index < bytes.count {
      let byte = bytes[index]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      index += 1
    }
  }

  /// Consumes one value, whole, whatever is nested in it.
  package mutating func value() throws(JSONSyntaxError) -> JSONToken {
    switch current {
    case UInt8(ascii: "\""): return try string()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "{"), UInt8(ascii: "["): return try nested()
    case UInt8(ascii: "t"): return try literal("true", .true)
    case UInt8(ascii: "f"): return try literal("false", .false)
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: throw unexpected("a value")
    }
  }

  /// Nothing but white space may follow the one value of a document.
  package mutating func end() throws(JSONSyntaxError) {
    skipSpace()
    if index < bytes.count { throw unexpected("the end of the body") }
  }

  private mutating func literal(
    _ text: StaticString, _ kind: JSONToken.Kind
  ) throws(JSONSyntaxError) -> JSONToken {
    let start = index
    for offset in 0..<text.utf8CodeUnitCount {
      guard current == text.utf8Start[offset] else { throw unexpected("the literal \(text)") }
      index += 1
    }
    return JSONToken(kind: kind, start: start, end: index)
  }

  /// The error for what stands at the index.
  func unexpected(_ expected: String) -> JSONSyntaxError {
    JSONSyntaxError(offset: index, expected: expected, found: describe(at: index))
  }

  private func describe(at offset: Int) -> String {
    guard offset < bytes.count else { return "the end of the body" }
    let byte = bytes[offset]
    return switch byte {
    case 0x21...0x7E: "'\(Character(UnicodeScalar(byte)))'"
    case 0x20: "a space"
    default: "the byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
    }
  }
}
