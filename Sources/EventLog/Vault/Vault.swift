package import Crypto
package import Domain
package import Foundation
package import Postgres

/// Seals personal data for the log with a key per person, kept outside the log: destroying the key erases the data everywhere at
/// once, backups of the log included, while hashes and replay stay whole.
package struct Vault: Sendable {
  let pool: Pool

  /// Over connections of the serving role.
  package init(pool: Pool) { self.pool = pool }

  /// Hex HMAC-SHA256 of an address under the log's pepper: finds an address without being readable.
  package func digest(_ address: EmailAddress) async throws -> String {
    Hex.text(
      HMAC<SHA256>.authenticationCode(for: Data(address.normalized.utf8), using: try await secret("email_pepper")))
  }

  /// Base64 of nonce, ciphertext and tag (AES-256-GCM, NIST SP 800-38D). Draws the person's key when there is none yet. Throws
  /// ``VaultError/erased`` for one who has been erased.
  package func seal(_ text: String, for subject: UUID) async throws -> String {
    let box = try AES.GCM.seal(Data(text.utf8), using: try await key(of: subject))
    guard let combined = box.combined else { throw VaultError.unreadable }
    return combined.base64EncodedString()
  }

  /// What was sealed; nil once the person has been erased. Throws ``VaultError/unreadable`` for what was not sealed for them.
  package func open(_ sealed: String, of subject: UUID) async throws -> String? {
    guard let key = try await storedKey(of: subject) else { return nil }
    guard let data = Data(base64Encoded: sealed), let box = try? AES.GCM.SealedBox(combined: data),
      let opened = try? AES.GCM.open(box, using: key)
    else { throw VaultError.unreadable }
    return String(decoding: opened, as: UTF8.self)
  }

  /// Destroys a person's key: what was sealed for them can't be opened again, and nothing more can be sealed.
  package func erase(_ subject: UUID) async throws {
    try await pool.query(
      "INSERT INTO vault.keys (subject, key) VALUES (\(subject), NULL) ON CONFLICT (subject) DO UPDATE SET key = NULL")
  }

  /// A secret of the log as a whole. Throws ``VaultError/noSecret(_:)`` where it was not drawn.
  package func secret(_ name: String) async throws -> SymmetricKey {
    let row = try await pool.query("SELECT value FROM vault.secrets WHERE name = \(name)").first
    guard let row else { throw VaultError.noSecret(name) }
    return SymmetricKey(data: try row.decode("value", as: [UInt8].self))
  }

  private func key(of subject: UUID) async throws -> SymmetricKey {
    let drawn = SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }
    // Two processes may seal for a new person at once: the first key in stays.
    try await pool.query("INSERT INTO vault.keys (subject, key) VALUES (\(subject), \(drawn)) ON CONFLICT DO NOTHING")
    guard let key = try await storedKey(of: subject) else { throw VaultError.erased }
    return key
  }

  private func storedKey(of subject: UUID) async throws -> SymmetricKey? {
    try await pool.query("SELECT key FROM vault.keys WHERE subject = \(subject)").first
      .flatMap { try $0.decode("key", as: [UInt8]?.self) }.map { SymmetricKey(data: $0) }
  }
}

/// Why sealed data can't be had.
package enum VaultError: Error, Equatable {
  /// A secret of the log is missing: it was not migrated, or not wholly restored.
  case noSecret(String)
  /// The person's key has been destroyed.
  case erased
  /// The data was not sealed with this person's key, or was changed.
  case unreadable
}
