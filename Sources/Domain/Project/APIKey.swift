/// A secret that names a project and a mode, such as `sk_live_` and 38 characters.
///
/// The 38 are 32 of base 62 from random bytes, and 6 that are the CRC-32 of all before them. A mistyped or cut-off key,
/// and what only looks like one, is so refused without a look-up, and secret scanners can tell a key from a hash.
///
/// Printing a key prints its hint: only `secret` gives it away.
package struct APIKey: Hashable, Sendable {
  /// The random bytes a new key is made of.
  package static let randomByteCount = 32
  /// Characters of a key; the prefixes are equally long.
  package static let length = 8 + CheckedText.randomLength + CheckedText.checksumLength

  /// What the prefix says.
  package let mode: KeyMode
  /// The key itself, to be shown once and hashed.
  package let secret: String

  /// A new key.
  ///
  /// - Parameter randomBytes: 32 bytes from a cryptographic source, of which the key holds 190 bits.
  /// - Throws: `APIKeyError.wrongRandomByteCount`
  package init(mode: KeyMode, randomBytes: [UInt8]) throws(APIKeyError) {
    guard randomBytes.count == Self.randomByteCount else {
      throw .wrongRandomByteCount(found: randomBytes.count, allowed: Self.randomByteCount)
    }
    self.mode = mode
    secret = CheckedText.drawn(mode.prefix, randomBytes)
  }

  /// A key as somebody sent it. That it is well formed does not mean that it was ever issued.
  package init(parsing text: String) throws(APIKeyError) {
    guard let mode = KeyMode.allCases.first(where: { text.hasPrefix($0.prefix) }) else { throw .wrongPrefix }
    let characters = Array(text.utf8)
    guard characters.count == Self.length else { throw .wrongLength(found: characters.count, allowed: Self.length) }
    if let place = characters[8...].firstIndex(where: { !ASCII.isDigit($0) && !ASCII.isLetter($0) }) {
      throw .badCharacter(place: place + 1)
    }
    guard CheckedText.isWhole(characters) else { throw .checksumMismatch }
    self.mode = mode
    secret = text
  }

  /// Enough to tell one's keys apart: the prefix, the first four characters, and the last four, which are checksum.
  package var hint: String { "\(secret.prefix(12))…\(secret.suffix(4))" }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The hint.
  package var description: String { hint }
  /// The hint.
  package var debugDescription: String { hint }
  /// The hint, for `dump` and test failures look at the stored properties.
  package var customMirror: Mirror { Mirror(self, children: ["hint": hint]) }
}

extension KeyMode {
  /// What a key of this mode begins with.
  var prefix: String { "sk_\(rawValue)_" }
}
