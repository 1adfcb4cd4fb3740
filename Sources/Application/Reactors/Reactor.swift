import Domain
package import EventLog
package import Postgres

/// Something that happens because of what was recorded: a mail, a message to another service.
///
/// A reactor does not do it itself. It notes in a table of its own what is to be done, in the transaction that moves its progress
/// along the log, so that each event is noted once, whatever crashes; and whoever works that table off waits for the outer world without
/// holding the log's readers up. It never answers a request and never appends.
///
/// It never reacts to what is older than ``horizon``: one that is new on an old log, or was away for long, tells nobody of what was
/// news last year.
package protocol Reactor: Follower {
  /// The types of domain events that it looks at. Telemetry is not reacted to.
  var types: [String] { get }
  /// Notes what is to be done about an event, on the connection whose transaction moves the reactor's progress. What it throws is tried
  /// again, with this event, for ever: an event that can't be made sense of is for the reactor to log and leave.
  nonisolated(nonsending) func react(to event: LoggedEvent, on connection: Connection) async throws
}

extension Reactor {
  /// `operations.reactors`.
  package var progress: ProgressTable { .reactors }
  /// None stops: what it waits for comes back, or the program is mended.
  package var patience: Int? { nil }

  /// How old an event may be and still be reacted to: longer than a week-end's outage, shorter than anybody's memory. The log's own
  /// clock says when things were recorded, this machine's how long ago that is: of days, their difference is nothing.
  private var horizon: Instant { SystemClock().now - .days(3) }

  /// One that is new begins at the horizon.
  package func begin(on pool: Pool) async throws { try await progress.begin(name, at: horizon, on: pool) }

  /// Months that were archived while it was away are beyond the horizon, and so no loss.
  package nonisolated(nonsending) func cut(
    after lease: Lease, most: Int64, on connection: Connection
  ) async throws -> Cut? {
    do { return try await Cut.next(after: lease.position, of: lease.shard, most: most, connection) } catch let gap
      as Gap
    {
      guard let cut = try await Cut.before(horizon, after: lease.position, of: lease.shard, connection) else {
        throw gap
      }
      return cut
    }
  }

  /// Reacts to the events of its types, in order.
  package nonisolated(nonsending) func follow(
    _ cut: Cut, from lease: Lease, on connection: Connection
  ) async throws {
    for event in try await LoggedEvent.all(in: cut, ofTypes: types, since: horizon, on: connection) {
      try await react(to: event, on: connection)
    }
  }
}

extension ProgressTable {
  /// Of reactors.
  static let reactors = ProgressTable(schema: "operations", table: "reactors", follower: "reactor")
}
