package import Crypto
import Domain
import Foundation

/// What a session goes on by: base64url of user id, session id, 32 random bytes and an HMAC-SHA256 over them all.
///
/// The HMAC tells a token that was given out once from one that somebody made up: only the former may end a session when it comes
/// again. The ids find the streams to decide on.
package struct SessionToken: Sendable, Hashable {
  package let principal: Principal
  package let text: String

  /// Sliding: a session that nobody uses for this long is over.
  package static let lifetime = Duration.days(30)

  /// Who shows it. One is never taken for the other: a refresh token is good once, and a browser with two tabs would end its own session.
  package enum Use: String, Sendable {
    /// Of the API: exchanged for new tokens.
    case refresh
    /// Of the pages: kept by the browser for as long as the session goes on.
    case cookie
  }

  package init(of principal: Principal, for use: Use, key: SymmetricKey) {
    self.principal = principal
    var random = SystemRandomNumberGenerator()
    let nonce = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
    let body = principal.userID.bytes + principal.sessionID.bytes + nonce
    text = Base64URL.text(body + Array(HMAC<SHA256>.authenticationCode(for: Self.signed(body, use), using: key)))
  }

  /// One that was given out here, now or earlier.
  package init?(parsing text: String, for use: Use, key: SymmetricKey) {
    guard let bytes = Base64URL.bytes(text), bytes.count == 96, let user = UUID(bytes: bytes[0..<16]),
      let session = UUID(bytes: bytes[16..<32]),
      HMAC<SHA256>.isValidAuthenticationCode(
        bytes[64...], authenticating: Self.signed(Array(bytes[0..<64]), use), using: key)
    else { return nil }
    (principal, self.text) = (Principal(userID: user, sessionID: session), text)
  }

  /// What the log holds: hex SHA-256 of the text.
  var hash: String { Hex.text(SHA256.hash(data: Data(text.utf8))) }

  /// Apart from what the key signs otherwise, which is access tokens.
  private static func signed(_ body: [UInt8], _ use: Use) -> Data { Data(Array(use.rawValue.utf8) + body) }
}
