/// The secret of a shared link, as it stands in its address: `sl_` and 38 characters, made as an ``APIKey`` is.
///
/// Printing a token prints its hint: only `secret` gives it away.
package struct LinkToken: Hashable, Sendable {
  private static let prefix = "sl_"
  /// Characters of a token.
  package static let length = prefix.utf8.count + CheckedText.randomLength + CheckedText.checksumLength

  /// The token itself, to be shown once and hashed.
  package let secret: String

  /// A new token.
  ///
  /// - Parameter randomBytes: 32 bytes from a cryptographic source, of which the token holds 190 bits.
  /// - Throws: `APIKeyError.wrongRandomByteCount`
  package init(randomBytes: [UInt8]) throws(APIKeyError) {
    guard randomBytes.count == APIKey.randomByteCount else {
      throw .wrongRandomByteCount(found: randomBytes.count, allowed: APIKey.randomByteCount)
    }
    secret = CheckedText.drawn(Self.prefix, randomBytes)
  }

  /// A token as somebody sent it; nil for what never was one. That it is well formed does not mean that it was ever shared.
  package init?(parsing text: String) {
    let characters = Array(text.utf8)
    guard characters.count == Self.length, text.hasPrefix(Self.prefix),
      characters.dropFirst(Self.prefix.utf8.count).allSatisfy({ ASCII.isDigit($0) || ASCII.isLetter($0) }),
      CheckedText.isWhole(characters)
    else { return nil }
    secret = text
  }

  /// Enough to tell one's links apart: the prefix, four characters, and the last four, which are checksum.
  package var hint: String { "\(secret.prefix(Self.prefix.count + 4))…\(secret.suffix(4))" }
}

extension LinkToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The hint.
  package var description: String { hint }
  /// The hint.
  package var debugDescription: String { hint }
  /// The hint, for `dump` and test failures look at the stored properties.
  package var customMirror: Mirror { Mirror(self, children: ["hint": hint]) }
}
