package import Domain
package import Foundation
package import Postgres

/// Requests of one project and mode as a unit of the log holds them, all or some of it.
package struct TrackedUnit: Sendable {
  /// Where in the log requests are looked for: what a batch holds of a stretch of positions.
  package struct Stretch: Hashable, Sendable {
    /// The batch's last position.
    package let batch: Int64
    /// The first position.
    package let first: Int64
    /// The last one.
    package let last: Int64

    /// A stretch of a batch.
    package init(batch: Int64, first: Int64, last: Int64) {
      self.batch = batch
      self.first = first
      self.last = last
    }
  }

  /// Whose requests.
  package struct Subject: Hashable, Sendable {
    /// Where the account's log is.
    package let shard: Int
    /// The project.
    package let project: UUID
    /// Live or test.
    package let mode: KeyMode

    /// A project's of a mode.
    package init(shard: Int, project: UUID, mode: KeyMode) {
      self.shard = shard
      self.project = project
      self.mode = mode
    }
  }

  /// Which of the stretches asked for it is of.
  package let stretch: Int
  /// The key that sent it.
  package let key: UUID
  /// When the log recorded it.
  package let recordedAt: Instant
  private let position: Int64
  private let skipped: Int
  private let batchID: UUID?
  private let eventIDs: String?
  private let ordinals: String?
  private let events: [UInt8]

  /// What the log has of some stretches, in no particular order. One that it can't read now, because its month is archived and not at hand
  /// in this transaction, has no unit.
  package static nonisolated(nonsending) func all(
    of subject: Subject, in stretches: [Stretch], _ connection: Connection, deadline: Duration
  ) async throws -> [TrackedUnit] {
    let (batches, firsts, lasts) = (stretches.map(\.batch), stretches.map(\.first), stretches.map(\.last))
    let rows = try await connection.query(
      """
      SELECT n, position, skipped, key_id, recorded_at, batch_id, event_ids, ordinals, events
      FROM log.tracked_stretches(
        \(Int32(subject.shard)), \(subject.project), \(subject.mode.rawValue), \(batches), \(firsts), \(lasts))
      """, deadline: deadline)
    return try rows.map { try TrackedUnit($0) }
  }

  private init(_ row: Row) throws {
    stretch = try row.decode("n", as: Int.self) - 1
    key = try row.decode("key_id")
    recordedAt = try row.decode("recorded_at")
    position = try row.decode("position")
    skipped = try row.decode("skipped")
    batchID = try row.decode("batch_id")
    eventIDs = try row.decode("event_ids")
    ordinals = try row.decode("ordinals")
    events = try row.decode("events")
  }

  /// Hands out its requests with their positions. Throws ``UnreadableRequest``.
  package func forEach(_ body: (Int64, borrowing StoredRequest) throws -> Void) throws {
    var position = position
    try events.withUnsafeBufferPointer { bytes in
      try StoredRequest.read(bytes) { request in
        try body(position, request)
        position += 1
        return true
      }
    }
  }

  /// Bytes in memory, roughly.
  package var weight: Int { 192 + events.count + (eventIDs?.utf8.count ?? 0) + (ordinals?.utf8.count ?? 0) }

  /// What its requests are known by: its own id, or that of the call that brought it and its number in that call (`log.read()`). To be
  /// read once for all that are shown.
  package func identities() throws -> Identities {
    Identities(
      first: position, skipped: skipped, batchID: batchID,
      ids: try eventIDs.map { try EventCoding.decode([UUID?].self, from: Array($0.utf8)) },
      ordinals: try ordinals.map { try EventCoding.decode([Int?].self, from: Array($0.utf8)) })
  }

  /// What a unit's requests are known by.
  package struct Identities: Sendable {
    let first: Int64
    /// How many of the unit's requests lie before the first.
    let skipped: Int
    let batchID: UUID?
    let ids: [UUID?]?
    let ordinals: [Int?]?

    /// Of the request at a position; nil where it brought no id.
    package func id(at position: Int64) -> UUID? {
      element(of: ids, at: position) ?? batchID
    }

    /// Its number in the call that brought it, from 0.
    package func ordinal(at position: Int64) -> Int {
      guard ids == nil else { return 0 }
      return element(of: ordinals, at: position) ?? skipped + Int(position - first)
    }

    private func element<Element>(of elements: [Element?]?, at position: Int64) -> Element? {
      let index = Int(position - first)
      guard let elements, elements.indices.contains(index) else { return nil }
      return elements[index]
    }
  }
}
