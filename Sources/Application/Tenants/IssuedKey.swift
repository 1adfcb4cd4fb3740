import Crypto
import Domain
import Foundation

/// A key just drawn, and the request that records it without revealing it.
struct IssuedKey {
  let key: APIKey
  let request: Project.KeyRequest

  init(name: String, mode: KeyMode, scopes: [KeyScope], id: UUID, expiresAt: Instant? = nil) throws {
    var random = SystemRandomNumberGenerator()
    let bytes = (0..<APIKey.randomByteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
    key = try APIKey(mode: mode, randomBytes: bytes)
    let hash = Hex.text(SHA256.hash(data: Data(key.secret.utf8)))
    request = Project.KeyRequest(
      id: id, name: name, mode: mode, scopes: scopes, hint: key.hint, hash: hash, expiresAt: expiresAt)
  }
}
