package import Domain
package import Foundation
import Postgres

/// Takes a span of a project's tracked requests out of all numbers, exactly those that count at the moment.
///
/// 1. The project's stream is read: a void of the same id is answered, not repeated.
/// 2. The shard's head is read. What lies before it never changes, so the requests of the span are counted up to there, step by step
///    (`SQL/objects/voids/voidable.sql`), while others append: whatever they add is not taken.
/// 3. The count becomes an event at the version the stream was read at: another void of the project in between, which may have
///    taken some of the same requests, makes the append fail, and all of it is done again (promise 4).
/// 4. Where the void gives quota back, the append lowers the meters in its own transaction (`SQL/objects/append/remember_streams.sql`).
package struct Voiding: Sendable {
  private let log: Log

  /// Over an open log.
  package init(log: Log) { self.log = log }

  /// Which requests.
  package struct Span: Sendable, Equatable {
    /// Live or test.
    package var mode: KeyMode
    /// The first timestamp.
    package var from: Instant
    /// The first timestamp after it.
    package var to: Instant

    /// A span of a project's requests, by their own timestamps.
    package init(mode: KeyMode, from: Instant, to: Instant) {
      self.mode = mode
      self.from = from
      self.to = to
    }
  }

  /// Events that a step of the count reads, in some tenths of a second: a shard's log may be long, and a statement must not be.
  var step: Int64 = 100_000

  private var pool: Pool { log.pools.expensive }

  /// What a void would take.
  package struct Taken: Sendable {
    /// Where the log ends.
    package var upto: Int64
    /// By month and key.
    package var counts: [VoidedCount] = []
    /// By day (UTC) of the requests' own timestamps, those with any.
    package var days: [Day] = []

    /// In all.
    package var events: Int { counts.reduce(0) { $0.addingSaturating($1.events) } }

    /// How many requests of a day.
    package struct Day: Sendable, Equatable {
      /// Its beginning.
      package let day: Instant
      /// How many.
      package let events: Int
    }
  }

  /// What a void of the span would take now.
  package func preview(_ span: Span, on stream: StreamID) async throws -> Taken {
    try await refuseArchived(span)
    let upto: Int64 =
      try await pool.query("SELECT last_position FROM log.heads WHERE shard = \(Int32(stream.shard))")
      .first?.decode("last_position") ?? 0
    guard span.from < span.to, let project = stream.projectID else { return Taken(upto: upto) }
    var (counts, days) = ([Counted: Int](), [Int64: Int]())
    var after: Int64 = 0
    while let end = try await stepEnd(stream.shard, after: after, upto: upto) {
      let rows = try await pool.query(
        Query(
          "SELECT month, day, key_id, events FROM log.voidable($1, $2, $3, $4, $5, $6, $7)",
          [
            Int32(stream.shard), project, span.mode.rawValue, span.from.milliseconds, span.to.milliseconds,
            after, end,
          ]))
      for row in rows {
        let counted = Counted(month: try row.decode("month"), keyID: try row.decode("key_id"))
        let events = try row.decode("events", as: Int.self)
        counts[counted, default: 0] += events
        days[try row.decode("day"), default: 0] += events
      }
      after = end
    }
    // Once more: a month may have left in the midst of it.
    try await refuseArchived(span)
    let sorted = counts.sorted { ($0.key.month, $0.key.keyID.uuidString) < ($1.key.month, $1.key.keyID.uuidString) }
    return Taken(
      upto: upto, counts: sorted.map { VoidedCount(month: $0.key.month, keyID: $0.key.keyID, events: $0.value) },
      days: days.sorted { $0.key < $1.key }.map { Taken.Day(day: Instant(day: $0.key), events: $0.value) })
  }

  /// Of what the database holds: months that have left it were refused.
  private func stepEnd(_ shard: Int, after: Int64, upto: Int64) async throws -> Int64? {
    try await pool.query("SELECT last_position FROM log.chain_end(\(Int32(shard)), \(after), \(upto), \(step))")
      .first?.decode("last_position")
  }

  private struct Counted: Hashable {
    let month: String
    let keyID: UUID
  }

  /// What has been archived counts for good: requests are counted where the database can read them again. An event is never recorded
  /// before its own time but for the minutes that a clock may be ahead, hence the day.
  private func refuseArchived(_ span: Span) async throws {
    let month = try await pool.query(
      """
      SELECT to_char(max(month), 'YYYY-MM') AS month FROM log.archived_months
      HAVING (max(month) + interval '1 month 1 day') AT TIME ZONE 'UTC' > \(span.from)
      """
    ).first?.decode("month", as: String.self)
    if let month { throw LogError.archived(month: month) }
  }

  /// Voids it: what is taken leaves the numbers, and stays used of the quota unless `givesBackQuota`, which is the operator's to say. Returns the void, and whether
  /// it is new: the same command again is answered with what it did. Throws `Project.Failure`, ``LogError`` or `PostgresError`.
  ///
  /// - Parameter require: throws where whoever asks has no right to it; asked with each decision, and again when all has been counted.
  @discardableResult
  package func callAsFunction(
    _ id: UUID, _ span: Span, reason: String, givesBackQuota: Bool = false, on stream: StreamID,
    from origin: Origin? = nil, requiring require: () async throws -> Void = {}
  ) async throws -> (void: TelemetryVoided, isNew: Bool) {
    let handled = try await log.handle(Project.self, on: stream, from: origin) { project in
      try await require()
      var request = Project.VoidRequest(
        id: id, mode: span.mode, from: span.from, to: span.to, reason: reason,
        givesBackQuota: givesBackQuota, uptoPosition: 0, counts: [])
      if project.voids[id] == nil {
        let taken = try await preview(span, on: stream)
        (request.uptoPosition, request.counts) = (taken.upto, taken.counts)
        // A long log is counted for minutes: what was allowed before may not be any more.
        try await require()
      }
      return try project.decide(.voidTelemetry(request))
    }
    guard let void = handled.state.voids[id] else { throw LogError.contended(stream: stream.name, attempts: 1) }
    return (void, !handled.events.isEmpty)
  }
}
