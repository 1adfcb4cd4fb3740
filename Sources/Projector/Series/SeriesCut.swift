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

  /// What stored rows mean: labels, buckets, cells, places and their signatures. Whatever changes that changes this, and rows are made anew.
  static let format = 1

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
    // Days that are counted again may have begun anywhere.
    let ends = try await BatchEnds.all(of: cut.shard, after: isCountedAgain ? 0 : cut.after, upto: cut.upto, connection)
    try await CountedUnit.read(cut, foresight: foresight, ends: ends, connection) { units in
      // All tables of places hold the same.
      try await add(units, to: all, tables, tables.isEmpty ? nil : PlaceFold(ends))
    }
  }

  private nonisolated(nonsending) func add(
    _ units: [CountedUnit], to all: [Series], _ tables: [String], _ fold: PlaceFold?
  ) async throws {
    var places = fold
    let folds = try Self.fold(units, all.map { SeriesFold($0) }, &places)
    let detailFrom = try await detailFrom(Set(units.map(\.project)))
    for fold in folds {
      try await SeriesWriter(shard: cut.shard, connection: connection).write(fold, detailFrom: detailFrom)
    }
    guard let places else { return }
    for table in tables {
      try await PlaceWriter(table: table, shard: cut.shard, connection: connection).write(
        places, detailFrom: detailFrom)
    }
  }

  private static func fold(
    _ units: [CountedUnit], _ series: [SeriesFold], _ places: inout PlaceFold?
  ) throws -> [SeriesFold] {
    var folds = series
    for unit in units {
      let scope = RequestScope(project: unit.project, mode: unit.mode)
      let key = Array(unit.key.uuidString.lowercased().utf8)
      let trait = RequestTrait.key(unit.key)
      try unit.forEach { position, request in
        for index in folds.indices { folds[index].add(request, of: scope, key: key) }
        try places?.add(request, at: position, of: scope, key: trait)
      }
    }
    places?.close()
    return folds
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
