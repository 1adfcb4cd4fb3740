import Foundation

/// A password as it is hashed (NIST SP 800-63B, section 5.1.1.2): normalised, long enough, bounded, without rules of composition.
package struct Password: Sendable, Equatable {
  /// NFKC: the same characters typed on another keyboard are the same password.
  package let normalized: String

  /// Characters (code points) that a new one must have.
  package static let minimumLength = 10
  /// Bytes that any may have: far more than anybody types, and little enough to hash without thought.
  package static let maximumBytes = 1_024

  /// What someone claims to be their password. Nil for one too long to be anybody's.
  package init?(claimed text: String) {
    guard text.utf8.count <= Self.maximumBytes else { return nil }
    normalized = text.precomposedStringWithCompatibilityMapping
  }

  /// Nobody's: where one that can't be a password must cost as much to check as one that can.
  package static let unusable = Password(normalized: "")

  private init(normalized: String) { self.normalized = normalized }

  /// A new password. Whether it is too common is asked elsewhere.
  package init(choosing text: String) throws(Refusal) {
    guard let password = Password(claimed: text), password.normalized.utf8.count <= Self.maximumBytes else {
      throw .tooLong
    }
    guard password.normalized.unicodeScalars.count >= Self.minimumLength else { throw .tooShort }
    self = password
  }

  /// Why a password can't be chosen.
  package enum Refusal: Error, Equatable {
    case tooShort
    case tooLong
    /// One that is tried first, and how it can be told.
    case common(reason: String)
  }
}
