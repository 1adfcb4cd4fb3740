public import Domain
public import Foundation
import Postgres

/// Takes a stretch of a project's tracked requests out of all numbers, exactly those that count at the moment.
///
/// 1. The project's stream is read: a void of the same id is answered, not repeated.
/// 2. The shard's head is read. What lies before it never changes, so the requests of the stretch are counted up to there, step by step
///    (`SQL/155_voidable.sql`), while others append: whatever they add is not taken.
/// 3. The count becomes an event at the version the stream was read at: another void of the project in between, which may have
///    taken some of the same requests, makes the append fail, and all of it is done again (promise 4).
/// 4. Where the void gives quota back, the append lowers the meters in its own transaction (`SQL/233_remember_streams.sql`).
public struct Voiding: Sendable {
  private let log: Log

  /// Over an open log.
  public init(log: Log) { self.log = log }

  /// Which requests.
  public struct Stretch: Sendable, Equatable {
    /// Live or test.
    public var mode: KeyMode
    /// The first timestamp, in milliseconds since 1970.
    public var from: Int64
    /// The first timestamp after it.
    public var to: Int64

    /// A stretch of a project's requests, by their own timestamps.
    public init(mode: KeyMode, from: Int64, to: Int64) {
      self.mode = mode
      self.from = from
      self.to = to
    }
  }

  /// Events that a step of the count reads, in some tenths of a second: a shard's log may be long, and a statement must not be.
  var step: Int64 = 100_000

  private var pool: Pool { log.pools.expensive }

  /// What a void of the stretch would take now, and where the log ends.
  public func preview(_ stretch: Stretch, on stream: Stream) async throws -> (upto: Int64, counts: [VoidedCount]) {
    try await refuseArchived(stretch)
    let upto: Int64 =
      try await pool.query("SELECT last_position FROM log.heads WHERE shard = \(Int32(stream.shard))")
      .first?.decode("last_position") ?? 0
    guard stretch.from < stretch.to, let project = stream.projectID else { return (upto, []) }
    var counts: [Counted: Int] = [:]
    var after: Int64 = 0
    while let end = try await stepEnd(stream.shard, after: after, upto: upto) {
      let rows = try await pool.query(
        Query(
          "SELECT month, key_id, events FROM log.voidable($1, $2, $3, $4, $5, $6, $7)",
          [Int32(stream.shard), project, stretch.mode.rawValue, stretch.from, stretch.to, after, end]))
      for row in rows {
        let counted = Counted(month: try row.decode("month"), keyID: try row.decode("key_id"))
        counts[counted, default: 0] += try row.decode("events", as: Int.self)
      }
      after = end
    }
    // Once more: a month may have left in the midst of it.
    try await refuseArchived(stretch)
    let sorted = counts.sorted { ($0.key.month, $0.key.keyID.uuidString) < ($1.key.month, $1.key.keyID.uuidString) }
    return (upto, sorted.map { VoidedCount(month: $0.key.month, keyID: $0.key.keyID, events: $0.value) })
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
  private func refuseArchived(_ stretch: Stretch) async throws {
    let from = Date(timeIntervalSince1970: Double(stretch.from) / 1000)
    let month = try await pool.query(
      """
      SELECT to_char(max(month), 'YYYY-MM') AS month FROM log.archived_months
      HAVING (max(month) + interval '1 month 1 day') AT TIME ZONE 'UTC' > \(from)
      """
    ).first?.decode("month", as: String.self)
    if let month { throw LogError.archived(month: month) }
  }

  /// Voids it: what is taken leaves the numbers, and stays used of the quota unless `givesBackQuota`, which is the operator's to say. Returns the void, and whether it is new: the same command again is answered with what it did. Throws
  /// `Project.Failure`, ``LogError`` or `PostgresError`.
  @discardableResult
  public func callAsFunction(
    _ id: UUID, _ stretch: Stretch, reason: String, givesBackQuota: Bool = false, on stream: Stream,
    from origin: Origin? = nil
  ) async throws -> (void: TelemetryVoided, isNew: Bool) {
    let appended = try await log.handle(on: stream.name) {
      let (project, version) = try await log.load(Project.self, from: stream)
      var request = Project.VoidRequest(
        id: id, mode: stretch.mode, from: stretch.from, to: stretch.to, reason: reason,
        givesBackQuota: givesBackQuota, uptoPosition: 0, counts: [])
      if project.voids[id] == nil { (request.uptoPosition, request.counts) = try await preview(stretch, on: stream) }
      let events = try project.decide(.voidTelemetry(request))
      let units = try Log.units(events, on: stream, after: version, from: origin)
      return Prepared(events: events, units: units, shard: stream.shard)
    }
    if case .telemetryVoided(let void)? = appended.events.first { return (void, true) }
    guard let void = try await log.load(Project.self, from: stream).state.voids[id] else {
      throw LogError.contended(stream: stream.name, attempts: 1)
    }
    return (void, false)
  }
}
