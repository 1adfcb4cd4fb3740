package import struct Foundation.UUID

/// The operator grants an account more than its tier gives. Takes the place of what was granted before; one that names nothing
/// only ends that. A quota that shrinks so does with the next month.
///
/// Version 1 granted rates alone.
package struct AccountGranted: EventData {
  package static let kind = EventKind("account_granted", version: 2, isSecurityRelevant: true)
  /// Whose grant it is.
  package var accountID: UUID
  /// A tier that it has at least: its projects, its detail and its rates; its quota stands below.
  package var tier: Tier?
  /// Live events it may track at least in each calendar month (UTC) that begins before `until`; 0: nothing was granted of them.
  package var grantedQuota: Int
  /// The same of test events.
  package var grantedTestQuota: Int
  /// Calls a second that each of its keys may make at least.
  package var requestsPerSecond: Int?
  /// Bytes a second that each of its keys may send at least.
  package var bytesPerSecond: Int?
  /// When it ends; nil: never.
  package var until: Instant?
  /// Why, in the operator's words.
  package var reason: String
  /// The calendar month (UTC) of the grant, such as `2026-11`. Nil of version 1, with what is said of it.
  @Nullable package var month: String?
  /// Live events it may track in that month.
  @Nullable package var monthQuota: Int?
  /// The same of test events.
  @Nullable package var monthTestQuota: Int?
}
