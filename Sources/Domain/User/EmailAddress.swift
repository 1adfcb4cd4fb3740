import Foundation

/// An e-mail address as the key of a person: case and Unicode variants of an address are the same address.
///
/// Folding follows what mail providers do rather than RFC 5321, which lets only the receiving host say whether case matters
/// in the local part: two accounts that differ by case alone would be the same person's mistake.
public struct EmailAddress: Hashable, Sendable {
  /// NFKC, lower case, without surrounding white space.
  public let normalized: String

  /// Refuses what cannot be an address; only a mail that arrives proves that it is one.
  public init?(_ text: String) {
    let folded = text.trimmingCharacters(in: .whitespacesAndNewlines).precomposedStringWithCompatibilityMapping
      .lowercased()
    let parts = folded.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, let local = parts.first, let domain = parts.last,
      !local.isEmpty, !domain.isEmpty, folded.utf8.count <= 254,
      // Controls and spaces are how headers are injected.
      !folded.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7F }),
      !domain.hasPrefix("."), !domain.hasSuffix("."), !domain.contains("..")
    else { return nil }
    normalized = folded
  }
}
