extension JSONScanner {
  /// The bytes of a token as they stand; of a string, those within the quotes.
  @inline(__always)
  package func bytes(of token: JSONToken) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[token.start..<token.end])
  }

  /// All that was read since the scanner was this copy of itself.
  package func bytes(since earlier: JSONScanner) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[earlier.index..<index])
  }

  /// What a string token stands for, in UTF-8, for the length of the call.
  package func withText<Result>(_ token: JSONToken, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    guard token.isEscaped else { return body(bytes(of: token)) }
    var text: [UInt8] = []
    text.reserveCapacity(token.count)
    appendUnescaped(token, to: &text)
    return text.withUnsafeBufferPointer(body)
  }

  /// Appends what a string token stands for, as UTF-8. The token has been scanned, so its escapes are well formed; a
  /// lone surrogate, which the caller was told of through `flaw`, becomes U+FFFD.
  func appendUnescaped(_ token: JSONToken, to output: inout [UInt8]) {
    var place = token.start
    while place < token.end {
      let byte = bytes[place]
      guard byte == UInt8(ascii: "\\") else {
        output.append(byte)
        place += 1
        continue
      }
      let letter = bytes[place + 1]
      if letter == UInt8(ascii: "u") {
        place = appendScalar(at: place, before: token.end, to: &output)
      } else {
        output.append(Self.meaning(of: letter))
        place += 2
      }
    }
  }

  private static func meaning(of letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: letter
    }
  }

  private func appendScalar(at place: Int, before end: Int, to output: inout [UInt8]) -> Int {
    let high = unit(at: place + 2)
    var scalar = high
    var next = place + 6
    if (0xD800...0xDBFF).contains(high), next + 6 <= end, bytes[next] == UInt8(ascii: "\\"),
      bytes[next + 1] == UInt8(ascii: "u")
    {
      let low = unit(at: next + 2)
      if (0xDC00...0xDFFF).contains(low) {
        scalar = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
        next += 6
      }
    }
    output.append(contentsOf: UTF8.encode(UnicodeScalar(scalar) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter)
    return next
  }

  private func unit(at place: Int) -> UInt32 {
    var unit: UInt32 = 0
    for offset in place..<place + 4 { unit = unit << 4 | UInt32(ASCII.hexValue(bytes[offset]) ?? 0) }
    return unit
  }
}
