package import Crypto
import Domain
package import Foundation

/// What a link in a mail carries: proof that its bearer reads the mail of an address.
///
/// Text: base64url, without padding, of owner id (16 bytes), token id (16) and HMAC-SHA256 over both and the purpose (32). It is
/// computed from its id whenever a mail is written, so a mail that is sent again, by another process or after a restart, holds
/// the same link, while the log keeps only the hash. The owner is in it so that the stream that decides is found without a
/// read model: the person, or for an invitation the account.
package struct MailToken: Sendable, Hashable {
  /// Whose stream decides on it: a user's id, or for an invitation the account's.
  package let owner: UUID
  /// `token_id` of its event, or `invitation_id`.
  package let id: UUID
  private let code: [UInt8]

  /// What an invitation's token is made for; the others are those of `TokenIssued.Purpose`.
  package static let invitation = "invitation"

  /// The token of an event.
  ///
  /// - Parameters:
  ///   - id: `token_id`, or `invitation_id`.
  ///   - purpose: `purpose` of the event, or ``invitation``.
  ///   - owner: `user_id`, or for an invitation `account_id`.
  ///   - key: ``Secrets/Name/mailTokenKey``.
  package init(id: UUID, purpose: String, owner: UUID, key: SymmetricKey) {
    self.owner = owner
    self.id = id
    code = Array(HMAC<SHA256>.authenticationCode(for: Data(owner.bytes + id.bytes + Array(purpose.utf8)), using: key))
  }

  /// What came back, if it is one made here for this purpose.
  package init?(parsing text: String, purpose: String, key: SymmetricKey) {
    guard let bytes = Base64URL.bytes(text), bytes.count == 64, let owner = UUID(bytes: bytes[0..<16]),
      let id = UUID(bytes: bytes[16..<32]),
      HMAC<SHA256>.isValidAuthenticationCode(
        bytes[32...], authenticating: Data(bytes[0..<32] + Array(purpose.utf8)), using: key)
    else { return nil }
    self.owner = owner
    self.id = id
    code = Array(bytes[32...])
  }

  /// What the mail holds.
  package var text: String { Base64URL.text(owner.bytes + id.bytes + code) }

  /// What the log holds: hex SHA-256 of the text.
  package var hash: String { Hex.text(SHA256.hash(data: Data(text.utf8))) }
}
