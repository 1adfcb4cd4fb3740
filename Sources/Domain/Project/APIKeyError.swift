/// Why a text is no API key. None of these repeats the text.
package enum APIKeyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It starts with neither prefix.
  case wrongPrefix
  /// It has another number of bytes.
  case wrongLength(found: Int, allowed: Int)
  /// The character at a place, counted from 1 in bytes, is no letter or digit.
  case badCharacter(place: Int)
  /// The last six characters do not belong to those before.
  case checksumMismatch
  /// A new key was asked for with another number of random bytes.
  case wrongRandomByteCount(found: Int, allowed: Int)

  /// What is wrong, what is allowed, and what to do.
  package var description: String {
    switch self {
    case .wrongPrefix: "API key starts with neither sk_live_ nor sk_test_; send the key as it was shown"
    case .wrongLength(let found, let allowed):
      "API key has \(found) characters, a key has \(allowed); copy it whole, without spaces"
    case .badCharacter(let place):
      "API key has a character at place \(place) that is no letter or digit; copy it again"
    case .checksumMismatch: "API key is mistyped: its last six characters do not match the rest; copy it again"
    case .wrongRandomByteCount(let found, let allowed): "new API key got \(found) random bytes, it needs \(allowed)"
    }
  }
}
