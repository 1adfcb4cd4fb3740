import Domain
import EventLog
import Foundation
import Postgres

/// A cut of the log as the series of a projection, and its tables of places, take it in.
struct SeriesCut {
  let cut: Cut
  /// How far voids are foreseen (`log.read_beside_voids()`).
  let foresight: Int64
  let connection: Connection

  /// Applies it to those of the schema that the search_path names first, in the transaction that is open: `kept` of them, which
  /// schema.sql asked for. Throws ``SeriesError`` where they are not there any more as they were asked for: else requests would be
  /// left out of them in silence.
  nonisolated(nonsending) func apply(_ kept: Int) async throws {
    guard kept > 0 else { return }
    let all = try await Series.all(connection)
    let tables = try await PlaceWriter.tables(connection)
    guard all.count + tables.count == kept else {
      throw SeriesError(
        series: (all.map(\.name) + tables).joined(separator: ", "),
        reason:
          "\(all.count + tables.count) are there of \(kept), for the comments on tables say which: build the read model anew"
      )
    }
    let isCountedAgain: Bool =
      try await connection.query(
        "SELECT log.forget_series(\(Int32(cut.shard)), \(cut.after), \(cut.upto), \(foresight)) AS again",
        deadline: .seconds(120)
      ).first?.decode("again") ?? false
    if !tables.isEmpty { try await addPlaces(to: tables) }
    guard !all.isEmpty else { return }
    // Days that are counted again may have begun anywhere.
    let ends = try await BatchEnds.all(of: cut.shard, after: isCountedAgain ? 0 : cut.after, upto: cut.upto, connection)
    try await CountedUnit.read(cut, foresight: foresight, ends: ends, connection) { try await add($0, to: all) }
  }

  private nonisolated(nonsending) func add(_ units: [CountedUnit], to all: [Series]) async throws {
    let folds = try Self.fold(units, all.map { SeriesFold($0) })
    let detailFrom = try await detailFrom(Set(units.map(\.project)))
    for fold in folds {
      try await SeriesWriter(shard: cut.shard, connection: connection).write(fold, detailFrom: detailFrom)
    }
  }

  private static func fold(_ units: [CountedUnit], _ series: [SeriesFold]) throws -> [SeriesFold] {
    var folds = series
    for unit in units {
      let scope = RequestScope(project: unit.project, mode: unit.mode)
      let key = Array(unit.key.uuidString.lowercased().utf8)
      try unit.forEach { _, request in
        for index in folds.indices { folds[index].add(request, of: scope, key: key) }
      }
    }
    return folds
  }

  /// Voided or not: where a request lies does not change, and what was shown before a void is asked for after it.
  private nonisolated(nonsending) func addPlaces(to tables: [String]) async throws {
    let ends = try await BatchEnds.all(of: cut.shard, after: cut.after, upto: cut.upto, connection)
    let units = try await CountedUnit.recorded(cut, connection)
    var places = PlaceFold(ends)
    for unit in units {
      let scope = RequestScope(project: unit.project, mode: unit.mode)
      let trait = RequestTrait.key(unit.key)
      try unit.forEach { try places.add($1, at: $0, of: scope, key: trait) }
    }
    places.close()
    let detailFrom = try await detailFrom(Set(units.map(\.project)))
    // All tables of places hold the same.
    for table in tables {
      try await PlaceWriter(table: table, shard: cut.shard, connection: connection).write(
        places, detailFrom: detailFrom)
    }
  }

  private nonisolated(nonsending) func detailFrom(_ projects: Set<UUID>) async throws -> [UUID: Instant] {
    let rows = try await connection.query(
      """
      SELECT p.project_id, log.detail_from(\(Int32(cut.shard)), p.project_id) AS before
      FROM unnest(\(Array(projects))) AS p (project_id)
      """)
    return Dictionary(
      uniqueKeysWithValues: try rows.map { row in
        (try row.decode("project_id", as: UUID.self), try row.decode("before", as: Instant.self))
      })
  }
}
