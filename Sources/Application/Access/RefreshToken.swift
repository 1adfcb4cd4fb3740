import Crypto
import Domain
import Foundation

/// What a session goes on by: base64url of user id, session id, 32 random bytes and an HMAC-SHA256 over them all.
///
/// The HMAC tells a token that was given out once from one that somebody made up: only the former may end a session when it comes
/// again. The ids find the streams to decide on.
package struct RefreshToken: Sendable, Hashable {
  let userID: UUID
  let sessionID: UUID
  package let text: String

  /// Sliding: a session that nobody uses for this long is over.
  static let lifetime = Duration.days(30)

  init(of principal: Principal, key: SymmetricKey) {
    (userID, sessionID) = (principal.userID, principal.sessionID)
    var random = SystemRandomNumberGenerator()
    let nonce = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
    let body = userID.bytes + sessionID.bytes + nonce
    text = Base64URL.text(body + Array(HMAC<SHA256>.authenticationCode(for: Self.signed(body), using: key)))
  }

  /// One that was given out here, now or earlier.
  init?(parsing text: String, key: SymmetricKey) {
    guard let bytes = Base64URL.bytes(text), bytes.count == 96, let user = UUID(bytes: bytes[0..<16]),
      let session = UUID(bytes: bytes[16..<32]),
      HMAC<SHA256>.isValidAuthenticationCode(
        bytes[64...], authenticating: Self.signed(Array(bytes[0..<64])), using: key)
    else { return nil }
    (userID, sessionID, self.text) = (user, session, text)
  }

  /// What the log holds: hex SHA-256 of the text.
  var hash: String { Hex.text(SHA256.hash(data: Data(text.utf8))) }

  /// Apart from what the key signs otherwise, which is access tokens.
  private static func signed(_ body: [UInt8]) -> Data { Data(Array("refresh".utf8) + body) }
}
