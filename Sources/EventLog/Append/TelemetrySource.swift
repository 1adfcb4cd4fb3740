package import Domain
package import Foundation

/// Whose telemetry it is: what a key stands for.
package struct TelemetrySource: Sendable, Hashable {
  /// The tenant that pays.
  package let accountID: UUID
  /// The project tracked.
  package let projectID: UUID
  /// The key used.
  package let keyID: UUID
  /// Live events are metered, and test events apart from them.
  package let mode: KeyMode
  /// Its members in the log's JSON. Rendered once, for it goes into every unit twice.
  let json: [UInt8]

  /// What its ids are unique in: the project's live events or, apart from them, its test events, so that a rehearsal never
  /// passes for the real thing. The first bit tells them apart; in a UUID of version 7 it is 0 until the year 6429.
  var scope: UUID {
    guard mode == .test else { return projectID }
    var bytes = projectID.uuid
    bytes.0 ^= 0x80
    return UUID(uuid: bytes)
  }

  /// Whose telemetry it is.
  package init(accountID: UUID, projectID: UUID, keyID: UUID, mode: KeyMode) {
    self.accountID = accountID
    self.projectID = projectID
    self.keyID = keyID
    self.mode = mode
    var json = JSONBytes()
    json.string("account_id", accountID)
    json.string("project_id", projectID)
    json.string("key_id", keyID)
    json.string("mode", mode.rawValue)
    self.json = json.bytes
  }
}
