package import struct Foundation.UUID

/// A span of a project's tracked requests was taken out of all numbers, such as a load test, by an owner or by the operator. The
/// requests stay in the log.
///
/// They stay in what the month's quota has used, too, unless `givesBackQuota`: else whoever may void could track without end. That is
/// the operator's to decide.
///
/// Taken out are those of the project and mode with `from` ≤ timestamp < `to`, recorded at a position up to `uptoPosition` of the
/// shard, that no earlier void of the project had taken. So spans may overlap, and what comes late into a voided span
/// counts until it is voided, too.
package struct TelemetryVoided: EventData {
  package static let kind = EventKind("telemetry_voided", version: 2, isSecurityRelevant: true)
  /// The void's own id.
  package var voidID: UUID
  /// The project.
  package var projectID: UUID
  /// Whose it is.
  package var accountID: UUID
  /// Live requests, or test requests.
  package var mode: KeyMode
  /// The first timestamp taken out.
  package var from: Instant
  /// The first timestamp after the span.
  package var to: Instant
  /// The last position that was looked at.
  package var uptoPosition: Int64
  /// Why, in the words of whoever did it.
  package var reason: String
  /// Whether what was taken out no longer counts against the quota either, as in version 1 it never did.
  package var givesBackQuota: Bool
  /// How many were taken out, by month and key.
  package var counts: [VoidedCount]

  /// Requests taken out, in all.
  package var events: Int { counts.reduce(0) { $0.addingSaturating($1.events) } }
}

/// How many requests of a month and a key were taken out.
package struct VoidedCount: Codable, Sendable, Equatable {
  /// The month that they had been charged to, such as `2026-11`.
  package var month: String
  /// The key that had sent them.
  package var keyID: UUID
  /// How many.
  package var events: Int

  /// A count.
  package init(month: String, keyID: UUID, events: Int) {
    self.month = month
    self.keyID = keyID
    self.events = events
  }
}
