/// What names and reasons that people give may hold.
package enum NameRule {
  /// Something to see, no longer than allowed, and nothing that would disorder the tables, mails and terminals that show it.
  /// Characters are counted in code points, as the published schemas count.
  package static func takes(_ text: String, maximumCharacters: Int) -> Bool {
    let scalars = text.unicodeScalars
    return text.contains { !$0.isWhitespace } && scalars.count <= maximumCharacters
      && !scalars.contains(where: ForeignText.disorders)
  }

  /// The same of UTF-8. Nearly all that comes is ASCII, of which no text is made only to look at it.
  static func takes(_ utf8: UnsafeBufferPointer<UInt8>, maximumCharacters: Int) -> Bool {
    guard utf8.count <= 4 * maximumCharacters else { return false }
    guard utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
      return takes(String(decoding: utf8, as: UTF8.self), maximumCharacters: maximumCharacters)
    }
    return utf8.count <= maximumCharacters && !utf8.allSatisfy { $0 == UInt8(ascii: " ") }
  }

  /// The rule in words.
  package static func allowed(maximumCharacters: Int) -> String {
    "1 to \(maximumCharacters) characters, not all of them spaces, no control characters such as line breaks, and none that "
      + "turns the direction of text"
  }
}
