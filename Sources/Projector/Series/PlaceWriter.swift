import Domain
import EventLog
import Foundation
import Postgres

/// Adds a fold to a table of places, in the transaction that is open.
struct PlaceWriter {
  let table: String
  let shard: Int
  let connection: Connection

  /// Some rows in some order, as arrays.
  private struct Rows {
    var keys = BlockKeys()
    var parts: [Int32] = []
    var places: [Bytes] = []

    mutating func add(_ block: RequestBlock, _ part: Int32, _ row: BatchPlaces) {
      keys.add(block)
      parts.append(part)
      places.append(Bytes(row.bytes))
    }
  }

  /// A row that takes what comes.
  private struct Last {
    var part: Int32 = 0
    var row = BatchPlaces()
  }

  /// The tables of the schema that the search_path names first.
  static nonisolated(nonsending) func tables(_ connection: Connection) async throws -> [String] {
    try await connection.query("SELECT name FROM log.places_at_hand()").map { try $0.decode("name") }
  }

  /// - Parameter detailFrom: where the detail of each project begins; of others it begins at the beginning.
  nonisolated(nonsending) func write(_ fold: PlaceFold, detailFrom: [UUID: Instant]) async throws {
    let kept = fold.blocks.indices.filter { index in
      let block = fold.blocks[index]
      return block.at >= detailFrom[block.scope.project] ?? .distantPast
    }
    guard !kept.isEmpty else { return }
    var last = try await lastRows(of: kept.map { fold.blocks[$0] })
    var rows = Rows()
    for (number, index) in kept.enumerated() {
      try Self.add(fold.places[index], of: fold.blocks[index], to: &last[number], &rows)
    }
    try await put(rows)
  }

  /// A row that is full is left as it is, and another begun: by what is in it alone, so that it does not matter where the cuts lie.
  private static func add(
    _ places: [BatchPlace], of block: RequestBlock, to last: inout Last, _ rows: inout Rows
  ) throws {
    var isChanged = false
    for place in places {
      defer { isChanged = true }
      if let longer = try last.row.adding(place) {
        last.row = longer
        continue
      }
      if isChanged { rows.add(block, last.part, last.row) }
      last.part += 1
      // A row with one place is never too long.
      last.row = try BatchPlaces().adding(place) ?? BatchPlaces()
    }
    rows.add(block, last.part, last.row)
  }

  private nonisolated(nonsending) func lastRows(of blocks: [RequestBlock]) async throws -> [Last] {
    let keys = BlockKeys(blocks)
    let rows = try await connection.query(
      """
      SELECT n, part, places
      FROM log.last_places(\(table), \(Int32(shard)), \(keys.projects), \(keys.modes), \(keys.ats))
      """)
    var last = Array(repeating: Last(), count: blocks.count)
    for row in rows {
      last[try row.decode("n", as: Int.self) - 1] = Last(
        part: try row.decode("part"), row: BatchPlaces(bytes: try row.decode("places")))
    }
    return last
  }

  private nonisolated(nonsending) func put(_ rows: Rows) async throws {
    try await connection.query(
      """
      SELECT log.put_places(
        \(table), \(Int32(shard)), \(rows.keys.projects), \(rows.keys.modes), \(rows.keys.ats), \(rows.parts), \(rows.places))
      """, deadline: .seconds(120))
  }
}
