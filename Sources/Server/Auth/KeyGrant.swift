import Domain
import EventLog
import Foundation
import Postgres

/// What a key opens, as the directory read model has it.
struct KeyGrant: Sendable {
  let source: TelemetrySource
  let scopes: Set<KeyScope>
  let isRevoked: Bool

  init(row: Row) throws {
    source = TelemetrySource(
      accountID: try row.decode("account_id"), projectID: try row.decode("project_id"), keyID: try row.decode("key_id"),
      mode: KeyMode(rawValue: try row.decode("mode")) ?? .test)
    scopes = Set(try row.decode("scopes", as: [String].self).compactMap(KeyScope.init(rawValue:)))
    isRevoked = try row.decode("revoked_at", as: Date?.self) != nil
  }
}
