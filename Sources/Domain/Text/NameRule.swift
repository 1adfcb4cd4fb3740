/// What names and reasons that people give may hold.
package enum NameRule {
  /// Something to see, no longer than allowed, and nothing that would disorder the tables, mails and terminals that show it.
  /// Characters are counted in code points, as the published schemas count.
  package static func takes(_ text: String, maximumCharacters: Int) -> Bool {
    let scalars = text.unicodeScalars
    return text.contains { !$0.isWhitespace } && scalars.count <= maximumCharacters
      && !scalars.contains(where: ForeignText.disorders)
  }

  /// The rule in words.
  package static func allowed(maximumCharacters: Int) -> String {
    "1 to \(maximumCharacters) characters, not all of them spaces, no control characters such as line breaks, and none that "
      + "turns the direction of text"
  }
}
