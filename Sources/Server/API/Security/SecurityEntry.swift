import EventLog
import Foundation
import Postgres

/// A row of the security audit log, as the API shows it.
struct SecurityEntry: Sendable {
  /// The event types that it holds; the projection's apply.sql takes the same ones from the log.
  static let kinds = [
    "user_registered", "session_started", "session_ended", "sessions_ended", "sign_in_failed", "password_set",
    "token_issued", "email_verified", "email_changed", "deletion_requested", "deletion_cancelled", "user_erased",
    "account_opened", "account_closed", "member_added", "member_role_changed", "member_removed", "member_invited",
    "invitation_accepted", "invitation_revoked", "project_created", "project_renamed", "project_archived",
    "key_issued", "key_rotated", "key_revoked", "data_exported", "telemetry_voided", "tier_changed",
    "account_granted",
  ]

  let cursor: Cursor
  /// Sealed for whoever acted; a failed sign-in has nobody who acted, and is the concern of whom it was tried for.
  let sealedClient: Vault.Sealed?
  private let members: [String: JSONValue]

  init(row: Row) throws {
    let userID = try row.decode("user_id", as: UUID?.self)
    let actorID = try row.decode("actor_id", as: UUID?.self)
    cursor = Cursor(
      try row.decode("at", as: Date.self), try row.decode("shard", as: Int32.self),
      try row.decode("position", as: Int64.self))
    if let sealed = try row.decode("client_sealed", as: String?.self), let subject = actorID ?? userID {
      sealedClient = Vault.Sealed(sealed, of: subject)
    } else {
      sealedClient = nil
    }
    members = [
      "time": .string(Timestamp.text(try row.decode("at"))), "kind": .string(try row.decode("kind")),
      "user_id": userID.map { .string($0.uuidString.lowercased()) } ?? .null,
      "actor_id": actorID.map { .string($0.uuidString.lowercased()) } ?? .null,
      "details": try JSONDecoder().decode(
        ParsedJSON.self, from: Data(try row.decode("details", as: String.self).utf8)
      ).value,
    ]
  }

  /// - Parameter client: what the vault made of `sealedClient`.
  func json(client text: String?) -> JSONValue {
    let client = text.flatMap(Client.init(text:))
    var members = members
    members["address"] = client.map { .string($0.address) } ?? .null
    members["user_agent"] = client.map { .string($0.userAgent) } ?? .null
    return .object(members)
  }
}

/// A place in the security audit log.
struct SecurityPlace {
  let time: Date
  let shard: Int32
  let position: Int64
}

extension ReadParameters {
  /// The last entry of the page before.
  func securityEntry() throws -> SecurityPlace? {
    try cursor(Date.self, Int32.self, Int64.self).map { SecurityPlace(time: $0, shard: $1, position: $2) }
  }
}
