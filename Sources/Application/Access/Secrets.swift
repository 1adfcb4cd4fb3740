package import Crypto
package import EventLog

/// The log's secrets, each read from the database once: they never change while a server runs.
package actor Secrets {
  /// What each is for; the raw value is its name in `vault.secrets`.
  package enum Name: String, Sendable {
    /// Signs access tokens, and marks refresh tokens as ours.
    case jwtKey = "jwt_key"
    /// Makes the tokens in mails from their ids.
    case mailTokenKey = "mail_token_key"
  }

  private let vault: Vault
  private var known: [Name: SymmetricKey] = [:]

  /// Over the vault of an open log.
  package init(vault: Vault) { self.vault = vault }

  /// A secret. Throws `VaultError.noSecret` for a log that was not migrated, or not wholly restored.
  package func key(_ name: Name) async throws -> SymmetricKey {
    if let key = known[name] { return key }
    let key = try await vault.secret(name.rawValue)
    known[name] = key
    return key
  }
}
