import Crypto
import Domain
import Foundation
import JWTKit

/// A JSON Web Token (RFC 7519) that says who makes a request: signed with HMAC-SHA256, good for a quarter of an hour.
struct AccessToken: JWTPayload {
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
  static let lifetime: Int64 = 15 * 60

  /// - Parameter now: milliseconds since 1970.
  init(_ principal: Principal, now: Int64) {
    iss = Self.issuer
    aud = AudienceClaim(value: [Self.audience])
    sub = principal.userID.uuidString.lowercased()
    sid = principal.sessionID.uuidString.lowercased()
    iat = now / 1000
    exp = iat + Self.lifetime
  }

  /// Checked by ``principal(now:)``, which knows the time: the library would take the machine's clock.
  func verify(using algorithm: some JWTAlgorithm) throws {}

  /// Whose it is, if it is ours and has not expired.
  func principal(now: Int64) -> Principal? {
    guard iss == Self.issuer, aud.value == [Self.audience], now / 1000 < exp, let user = UUID(uuidString: sub),
      let session = UUID(uuidString: sid)
    else { return nil }
    return Principal(userID: user, sessionID: session)
  }
}

/// Signs access tokens and reads them back.
actor AccessTokens {
  private let secrets: Secrets
  private var keys: JWTKeyCollection?

  init(secrets: Secrets) { self.secrets = secrets }

  func sign(_ token: AccessToken) async throws -> String { try await loaded().sign(token) }

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
