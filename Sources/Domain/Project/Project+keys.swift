package import struct Foundation.UUID

extension Project {
  /// What the project knows of one of its keys.
  package struct Key: Sendable, Equatable {
    /// What its owners call it.
    package var name: String
    /// Live or test.
    package var mode: KeyMode
    /// What it opens.
    package var scopes: [KeyScope]
    /// When it stops working by itself; nil: never.
    package var expiresAt: Instant?
    /// When it stops working because another took its place; nil while none has.
    package var retiresAt: Instant?
    /// The key that took its place.
    package var successorID: UUID?
    /// Whether it has been revoked.
    package var isRevoked = false

    init(_ issued: KeyIssued) {
      name = issued.name
      mode = issued.mode
      scopes = issued.scopes
      expiresAt = issued.expiresAt
    }

    /// Whether it opens anything at a time, as far as it is up to the key.
    package func works(at now: Instant) -> Bool { status(at: now).works }
  }
}

/// A key was shown once to its owner. Version 1 knew neither `mode` nor `scopes`, version 2 no `expires_at`.
package struct KeyIssued: EventData {
  package static let kind = EventKind("key_issued", version: 3, isSecurityRelevant: true)
  /// The new key.
  package var keyID: UUID
  /// What the key belongs to.
  package var projectID: UUID
  /// The project's account.
  package var accountID: UUID
  /// What its owners call it, 1 to 100 characters.
  package var name: String
  /// Whether its events are business or rehearsal.
  package var mode: KeyMode
  /// What it opens; at least one.
  package var scopes: [KeyScope]
  /// Its first and last characters, to recognise it by.
  package var hint: String
  /// Hex SHA-256 of the whole key: 190 bits of randomness need no slow hash.
  package var hash: String
  /// When it stops working by itself; null: never.
  @Nullable package var expiresAt: Instant?
}

/// A key was replaced by another, for which `key_issued` stands beside it; for a while both work.
package struct KeyRotated: EventData {
  package static let kind = EventKind("key_rotated", isSecurityRelevant: true)
  /// The key replaced.
  package var keyID: UUID
  /// What both keys belong to.
  package var projectID: UUID
  /// The project's account.
  package var accountID: UUID
  /// The key that takes its place.
  package var successorID: UUID
  /// When the replaced key stops working.
  package var retiresAt: Instant
}

/// A key stopped working, at once and for good.
package struct KeyRevoked: EventData {
  package static let kind = EventKind("key_revoked", isSecurityRelevant: true)
  /// The key that opens nothing any more.
  package var keyID: UUID
  /// What the key belonged to.
  package var projectID: UUID
  /// The project's account.
  package var accountID: UUID
}
