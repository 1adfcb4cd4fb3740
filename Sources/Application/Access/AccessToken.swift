import Crypto
package import Domain
import Foundation
package import JWTKit

/// A JSON Web Token (RFC 7519) that says who makes a request: signed with HMAC-SHA256, good for a quarter of an hour.
package struct AccessToken: JWTPayload {
  let iss: String
  let aud: AudienceClaim
  /// The user.
  let sub: String
  /// The session.
  let sid: String
  let iat: Int64
  let exp: Int64

  static let issuer = "recount"
  static let audience = "recount-api"
  /// Long enough that refreshing is rare, short enough that a stolen one is of little use; ending a session does not wait for it.
  package static let lifetime = Duration.minutes(15)

  package init(_ principal: Principal, now: Instant) {
    iss = Self.issuer
    aud = AudienceClaim(value: [Self.audience])
    sub = principal.userID.text
    sid = principal.sessionID.text
    iat = now.seconds
    exp = iat + Self.lifetime.wholeSeconds
  }

  /// Checked by ``principal(now:)``, which knows the time: the library would take the machine's clock.
  package func verify(using algorithm: some JWTAlgorithm) throws {}

  /// Whose it is, if it is ours and has not expired.
  package func principal(now: Instant) -> Principal? {
    guard iss == Self.issuer, aud.value == [Self.audience], now.seconds < exp, let user = UUID(uuidString: sub),
      let session = UUID(uuidString: sid)
    else { return nil }
    return Principal(userID: user, sessionID: session)
  }
}

/// Signs access tokens and reads them back.
package actor AccessTokens {
  private let secrets: Secrets
  private var keys: JWTKeyCollection?

  init(secrets: Secrets) { self.secrets = secrets }

  package func sign(_ token: AccessToken) async throws -> String { try await loaded().sign(token) }

  /// The token, if its signature is ours. Only HMAC-SHA256 is: `none` and the rest never reach a key.
  func read(_ text: String) async throws -> AccessToken? {
    guard Self.isReadable(text) else { return nil }
    let keys = try await loaded()
    return try? await keys.verify(text, as: AccessToken.self)
  }

  private func loaded() async throws -> JWTKeyCollection {
    if let keys { return keys }
    let secret = try await secrets.key(.jwtKey).withUnsafeBytes { Data($0) }
    let loaded = JWTKeyCollection()
    await loaded.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
    keys = loaded
    return loaded
  }

  /// Whether it may be given to the library, which reads header and claims before it looks at the signature.
  static func isReadable(_ text: String) -> Bool {
    struct Header: Decodable { let alg: String }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).prefix(4).map {
      Base64URL.bytes(String($0))
    }
    guard parts.count == 3, let header = parts[0], let claims = parts[1], ForeignJSON.isReadable(claims) else {
      return false
    }
    return (try? ForeignJSON.decode(Header.self, from: Data(header)))?.alg == "HS256"
  }
}
