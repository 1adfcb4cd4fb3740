import Crypto
import Domain
package import Foundation

/// Keeps a key for the page that shows it once, in the browser that asked for it: no server remembers it, so any of them can show it.
///
/// AES-256-GCM under a key derived (RFC 5869) from the instance's secret, bound to the session and to what it is for.
package struct ShownOnce: Sendable {
  private let secrets: Secrets

  package init(secrets: Secrets) { self.secrets = secrets }

  /// The text as base64url that nobody else can open.
  package func seal(_ text: String, for principal: Principal, of subject: UUID) async throws -> String {
    let box = try AES.GCM.seal(
      Data(text.utf8), using: try await key(), authenticating: Self.bound(principal, subject))
    guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
    return Base64URL.text(Array(combined))
  }

  /// Nil for what was not sealed here, for this session and subject.
  package func open(_ sealed: String, for principal: Principal, of subject: UUID) async throws -> String? {
    guard let bytes = Base64URL.bytes(sealed), let box = try? AES.GCM.SealedBox(combined: Data(bytes)) else {
      return nil
    }
    let bound = Self.bound(principal, subject)
    return try? String(decoding: AES.GCM.open(box, using: try await key(), authenticating: bound), as: UTF8.self)
  }

  private func key() async throws -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: try await secrets.key(.jwtKey), info: Data("shown once".utf8), outputByteCount: 32)
  }

  private static func bound(_ principal: Principal, _ subject: UUID) -> Data {
    Data(principal.sessionID.bytes + subject.bytes)
  }
}
