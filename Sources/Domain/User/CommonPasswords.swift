import Foundation

/// Tells passwords that are tried first: a common word with a few digits, a run of keys, the same again and again, the person's own
/// address. Rules over a list of words find many more than a list of passwords of the same size.
package struct CommonPasswords: Sendable {
  private let words: Set<String>

  /// Over common words, one a line; lines that begin with # say something about the list.
  package init(list: String) {
    words = Set(list.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.filter { !$0.isWhitespace } })
  }

  /// Why a password is too common; nil when it is not.
  package func reason(against password: Password, of address: EmailAddress?) -> String? {
    let text = password.normalized.lowercased()
    if Self.isRepetition(text) { return "the same few characters again and again" }
    if KeyRuns.cover(text) { return "a run of keys, letters or digits" }
    if let address, Self.holds(text, address) { return "made of your own address" }
    return isWordWithDecoration(text) ? "a common word or two, with digits or signs" : nil
  }

  /// `aaaaaaaaaa`, `abcabcabcabc`, `monkeymonkey`.
  private static func isRepetition(_ text: String) -> Bool {
    let characters = Array(text)
    if Set(characters).count <= 2 { return true }
    return (1...max(1, characters.count / 2)).contains { period in
      zip(characters, characters.dropFirst(period)).allSatisfy { $0 == $1 }
    }
  }

  private static func holds(_ text: String, _ address: EmailAddress) -> Bool {
    let parts = address.normalized.split { $0 == "@" || $0 == "." || $0 == "+" || $0 == "-" }.filter { $0.count >= 3 }
    let rest = parts.sorted { $0.count > $1.count }.reduce(text) { $0.replacing($1, with: "") }
    return rest.count < text.count && rest.count < 6
  }

  private func isWordWithDecoration(_ text: String) -> Bool {
    let bare = Self.trimmed(text)
    return [bare, Self.trimmed(Self.unmasked(bare)), Self.trimmed(Self.unmasked(text))].contains { core in
      text.count - core.count <= 6 && isWordOrTwo(core)
    }
  }

  private func isWordOrTwo(_ core: String) -> Bool {
    if words.contains(core) { return true }
    return core.indices.dropFirst().contains { index in
      words.contains(String(core[..<index])) && words.contains(String(core[index...].drop { !$0.isLetter }))
    }
  }

  /// Without what stands before the first letter and after the last.
  private static func trimmed(_ text: String) -> String {
    let tail = text.drop { !$0.isLetter }
    return String(tail.reversed().drop { !$0.isLetter }.reversed())
  }

  /// Digits and signs read as the letters that they are written for.
  private static func unmasked(_ text: String) -> String {
    let letters: [Character: Character] = [
      "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "€": "e", "|": "l",
    ]
    return String(text.map { letters[$0] ?? $0 })
  }
}

/// Runs of neighbours on keyboards, in the alphabet and among the digits.
enum KeyRuns {
  private static let sequences: [String] = {
    let rows = [
      "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./",
      "qwertzuiopü", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
      "!@#$%^&*()", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "qazwsxedcrfvtgbyhnujmikolp",
      "q1w2e3r4t5y6u7i8o9p0", "zaq1xsw2cde3vfr4bgt5nhy6mju7", "zaqxswcdevfrbgtnhymju", "1a2b3c4d5e6f7g8h9i0j",
      "a1b2c3d4e5f6g7h8i9j0", "147258369", "741852963", "159357", "112233445566778899",
    ]
    return rows + rows.map { String($0.reversed()) }
  }()

  /// Whether all of a text but two characters are in runs of at least three.
  static func cover(_ text: String) -> Bool {
    var rest = Substring(text)
    var loose = 0
    while !rest.isEmpty {
      let length = longestRun(rest)
      if length == 0 { loose += 1 }
      rest = rest.dropFirst(max(1, length))
    }
    return loose <= 2
  }

  private static func longestRun(_ text: Substring) -> Int {
    var length = 3
    guard text.count >= length, isRun(text.prefix(length)) else { return 0 }
    while length < text.count, isRun(text.prefix(length + 1)) { length += 1 }
    return length
  }

  private static func isRun(_ text: Substring) -> Bool {
    Set(text).count == 1 || sequences.contains { $0.contains(text) }
  }
}
