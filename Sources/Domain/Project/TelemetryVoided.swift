public import struct Foundation.UUID

/// A stretch of a project's tracked requests was taken out of all numbers, such as a load test, by an owner or by the operator. The
/// requests stay in the log.
///
/// They stay in what the month's quota has used, too, unless `givesBackQuota`: else whoever may void could track without end. That is
/// the operator's to decide.
///
/// Taken out are those of the project and mode with `from` ≤ timestamp < `to`, recorded at a position up to `uptoPosition` of the
/// shard, that no earlier void of the project had taken. So stretches may overlap, and what comes late into a voided stretch
/// counts until it is voided, too.
public struct TelemetryVoided: EventData {
  /// As the log has it; never changes.
  public static let type = "telemetry_voided"
  /// Of the data's shape; one more whenever that changes.
  public static let version = 2
  /// The correction's own id.
  public var voidID: UUID
  /// The project.
  public var projectID: UUID
  /// Whose it is.
  public var accountID: UUID
  /// Live requests, or test requests.
  public var mode: KeyMode
  /// The first timestamp taken out, in milliseconds since 1970.
  public var from: Int64
  /// The first timestamp after the stretch.
  public var to: Int64
  /// The last position that was looked at.
  public var uptoPosition: Int64
  /// Why, in the words of whoever did it.
  public var reason: String
  /// Whether what was taken out no longer counts against the quota either, as in version 1 it never did.
  public var givesBackQuota: Bool
  /// How many were taken out, by month and key.
  public var counts: [VoidedCount]

  /// Requests taken out, in all.
  public var events: Int { counts.reduce(0) { $0.addingSaturating($1.events) } }

  enum CodingKeys: String, CodingKey {
    case voidID = "void_id"
    case projectID = "project_id"
    case accountID = "account_id"
    case mode, from, to
    case uptoPosition = "upto_position"
    case reason
    case givesBackQuota = "gives_back_quota"
    case counts
  }
}

/// How many requests of a month and a key were taken out.
public struct VoidedCount: Codable, Sendable, Equatable {
  /// The month that they had been charged to, such as `2026-11`.
  public var month: String
  /// The key that had sent them.
  public var keyID: UUID
  /// How many.
  public var events: Int

  /// A count.
  public init(month: String, keyID: UUID, events: Int) {
    self.month = month
    self.keyID = keyID
    self.events = events
  }

  enum CodingKeys: String, CodingKey {
    case month
    case keyID = "key_id"
    case events
  }
}
