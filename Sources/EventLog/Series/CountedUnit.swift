package import Domain
package import Foundation
package import Postgres

/// Requests that count, as they lie in a unit of the log.
package struct CountedUnit: Sendable {
  /// Whose.
  package let project: UUID
  /// `live` or `test`.
  package let mode: String
  /// The key that sent them.
  package let key: UUID
  /// The first one's; the others follow it.
  package let position: Int64
  private let events: [UInt8]

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

  fileprivate init(_ row: Row) throws {
    project = try row.decode("project_id")
    mode = try row.decode("mode")
    key = try row.decode("key_id")
    position = try row.decode("position")
    events = try row.decode("events")
  }

  /// All of a cut's requests, whether they count or not, in order of position.
  package static nonisolated(nonsending) func recorded(_ cut: Cut, _ connection: Connection) async throws
    -> [CountedUnit]
  {
    let rows = try await connection.query(
      """
      SELECT project_id, mode, key_id, position, events
      FROM log.tracked_texts(\(Int32(cut.shard)), \(cut.after), \(cut.upto))
      ORDER BY position
      """, deadline: .seconds(120))
    return try rows.map { try CountedUnit($0) }
  }

  /// A cut's own units have many events each; of days that are counted again, each event is one.
  private static let atOnce = 50_000

  /// Hands out those of a cut, in order of position: its own that no void takes, and of days that are counted again all
  /// (`log.counted_texts()`). Those may be months of them, so they come some at a time, whole batches of the log, and nobody holds all in
  /// memory. `ends`: of all batches up to the cut's end. In the transaction that is open.
  package static nonisolated(nonsending) func read(
    _ cut: Cut, foresight: Int64, ends: BatchEnds, _ connection: Connection,
    _ body: nonisolated(nonsending) ([CountedUnit]) async throws -> Void
  ) async throws {
    try await connection.query(
      """
      DECLARE counted NO SCROLL CURSOR FOR
      SELECT project_id, mode, key_id, position, events
      FROM log.counted_texts(\(Int32(cut.shard)), \(cut.after), \(cut.upto), \(foresight))
      ORDER BY position
      """, deadline: .seconds(120))
    var units: [CountedUnit] = []
    var isAtEnd = false
    while !isAtEnd {
      let rows = try await connection.query("FETCH \(unescaped: "\(atOnce)") FROM counted", deadline: .seconds(120))
      isAtEnd = rows.count < atOnce
      units += try rows.map { try CountedUnit($0) }
      guard let last = units.last else { break }
      // The last one's batch may go on.
      let whole = isAtEnd ? .max : ends.last(before: last.position) ?? 0
      let ready = units.prefix { $0.position <= whole }
      guard !ready.isEmpty else { continue }
      try await body(Array(ready))
      units.removeFirst(ready.count)
    }
    try await connection.query("CLOSE counted")
  }
}
