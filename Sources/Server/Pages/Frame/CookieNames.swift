import Crypto
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// What the cookies of this instance are called. Cookies know no ports: two instances on one host would else log each other's people out.
struct CookieNames: Sendable {
  /// Says who is logged in.
  let session: String
  /// Tells a device from strangers at the log-in.
  let device: String
  /// The tier that somebody came to sign up for.
  let tier: String
  /// A key that was just issued, sealed, until it has been shown once.
  let key: String
  let isSecure: Bool

  /// - Parameters:
  ///   - secret: the instance's own; nothing of it can be told from the names.
  ///   - isSecure: whether people reach the server by https.
  init(secret: SymmetricKey, isSecure: Bool) {
    self.isSecure = isSecure
    let code = HMAC<SHA256>.authenticationCode(for: Data("names of cookies".utf8), using: secret)
    let instance = Hex.text(Array(code.prefix(4)))
    // With the prefix a browser takes the cookie from this host alone, by https alone, for all paths (RFC 6265bis).
    let prefix = isSecure ? "__Host-" : ""
    session = "\(prefix)recount-\(instance)"
    device = "\(prefix)recount-device-\(instance)"
    tier = "\(prefix)recount-tier-\(instance)"
    key = "\(prefix)recount-key-\(instance)"
  }

  /// A cookie that goes with every page, and that no script can read.
  ///
  /// - Parameter seconds: how long a browser keeps it.
  func cookie(_ name: String, _ value: String, seconds: Int) -> Cookie {
    Cookie(
      name: name, value: value, maxAge: seconds, path: "/", secure: isSecure, httpOnly: true, sameSite: .lax)
  }

  /// Takes a cookie away.
  func without(_ name: String) -> Cookie { cookie(name, "", seconds: 0) }

  /// What a request shows under a name.
  func value(_ name: String, in request: Request) -> String? {
    request.cookies[name].map(\.value).flatMap { $0.isEmpty ? nil : $0 }
  }
}
