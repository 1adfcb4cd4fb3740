public import Foundation
public import Postgres

/// Something that happens because of what was recorded: a mail, a message to another service.
///
/// A reactor does not do it itself. It notes in a table of its own what is to be done, in the transaction that moves its place in
/// the log, so that each event is noted once, whatever crashes; and whoever works that table off waits for the outer world without
/// holding the log's readers up. It never answers a request and never appends.
public protocol Reactor: Sendable {
  /// As `operations.reactors` has it; never changes.
  var name: String { get }
  /// The types of domain events that it looks at. Telemetry is not reacted to.
  var types: [String] { get }
  /// Notes what is to be done about an event, on the connection whose transaction moves the reactor's place. What it throws is tried
  /// again, with this event, for ever: an event that can't be made sense of is for the reactor to log and leave.
  nonisolated(nonsending) func react(to event: LoggedEvent, on connection: Connection) async throws
}

/// A domain event as the log has it, for those who know no aggregate.
public struct LoggedEvent: Sendable {
  /// Its shard.
  public let shard: Int
  /// Its place in its shard's log.
  public let position: Int64
  /// When it was recorded.
  public let recordedAt: Date
  /// The event type.
  public let type: String
  /// The stream it belongs to; nil for what the log itself adds, such as a quota's end.
  public let stream: String?
  /// Whose it is, if an account's.
  public let accountID: UUID?
  /// The month it is metered in, such as `2026-11`, for what the log itself adds.
  public let month: String?
  /// Its data in JSON.
  public let data: String

  init(row: Row, shard: Int) throws {
    self.shard = shard
    position = try row.decode("position")
    recordedAt = try row.decode("recorded_at")
    type = try row.decode("type")
    stream = try row.decode("stream")
    accountID = try row.decode("account_id")
    month = try row.decode("month")
    data = try row.decode("data")
  }
}
