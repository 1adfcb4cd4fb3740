import Crypto
import Foundation

/// Makes access tokens: good ones as the server does, and bad ones as an attacker would. Written here a second time, so that a
/// fault in the server's own code cannot hide itself.
struct Forger: Sendable {
  let key: SymmetricKey
  /// Seconds since 1970.
  let now: Int

  struct Claims: Sendable {
    var user: UUID
    var session: UUID
    var issuer = "recount"
    var audience = "recount-api"
    /// From now on, in seconds.
    var lifetime = 900
  }

  func token(_ claims: Claims) -> String { signed(header(), payload(claims), with: key) }

  /// All the ways that somebody may try to pass for the bearer of good claims, by name.
  func forgeries(of claims: Claims, becoming victim: Claims) -> [(name: String, token: String)] {
    func changed(_ change: (inout Claims) -> Void) -> Claims {
      var copy = claims
      change(&copy)
      return copy
    }
    let good = token(claims)
    let parts = good.split(separator: ".").map(String.init)
    return [
      ("expired", token(changed { $0.lifetime = -1 })),
      ("wrong audience", token(changed { $0.audience = "recount-web" })),
      ("wrong issuer", token(changed { $0.issuer = "recount.example.com" })),
      ("wrong key", signed(header(), payload(claims), with: SymmetricKey(size: .bits256))),
      ("alg none, unsigned", header("none") + "." + payload(claims) + "."),
      ("alg None, unsigned", header("None") + "." + payload(claims) + "."),
      ("alg none, signed", signed(header("none"), payload(claims), with: key)),
      ("alg HS512 over HS256", signed(header("HS512"), payload(claims), with: key)),
      ("signature stripped", parts[0] + "." + parts[1] + "."),
      ("signature missing", parts[0] + "." + parts[1]),
      ("signature of other claims", parts[0] + "." + payload(victim) + "." + parts[2]),
      ("another person's session", token(changed { $0.user = victim.user })),
      ("a session that never was", token(changed { $0.session = UUID() })),
      ("without claims", signed(header(), Self.base64url(Data("{}".utf8)), with: key)),
      ("not JSON", signed(header(), Self.base64url(Data("token".utf8)), with: key)),
      ("no token", "token"), ("empty parts", ".."), ("a key that can't be", "sk_live_0000"),
    ]
  }

  private func header(_ algorithm: String = "HS256") -> String {
    Self.base64url(Data(#"{"alg":"\#(algorithm)","typ":"JWT"}"#.utf8))
  }

  private func payload(_ claims: Claims) -> String {
    let (user, session) = (claims.user.uuidString.lowercased(), claims.session.uuidString.lowercased())
    return Self.base64url(
      Data(
        #"""
        {"iss":"\#(claims.issuer)","aud":["\#(claims.audience)"],"sub":"\#(user)","sid":"\#(session)",\#
        "iat":\#(now),"exp":\#(now + claims.lifetime)}
        """#.utf8))
  }

  private func signed(_ header: String, _ payload: String, with key: SymmetricKey) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Data("\(header).\(payload)".utf8), using: key)
    return "\(header).\(payload).\(Self.base64url(Data(code)))"
  }

  private static func base64url(_ data: Data) -> String {
    data.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      .replacingOccurrences(of: "=", with: "")
  }
}
