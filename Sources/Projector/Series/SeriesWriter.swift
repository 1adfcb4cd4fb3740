import Domain
import EventLog
import Foundation
import Postgres

/// Adds a fold to its table, in the transaction that is open.
struct SeriesWriter {
  let shard: Int
  let connection: Connection

  /// - Parameter detailFrom: where the detail of each project begins; of others it begins at the beginning.
  nonisolated(nonsending) func write(_ fold: SeriesFold, detailFrom: [UUID: Instant]) async throws {
    guard !fold.groups.isEmpty else { return }
    let isDetail = fold.blocks.map { block in
      block.at >= detailFrom[block.scope.project] ?? .distantPast
    }
    let known = try await labels(of: fold)
    let new = SeriesRows(fold, labels: known, takes: isDetail.map { $0 || fold.series.keepsTotals })
    let rows = try await withStored(new, of: fold)
    try await put(rows, of: fold, isDetail: isDetail)
    if !fold.series.label.isEmpty { try await putBlocks(rows, of: fold, isDetail: isDetail) }
  }

  private nonisolated(nonsending) func labels(of fold: SeriesFold) async throws -> [SeriesRows.Labels] {
    var labels = Array(repeating: SeriesRows.Labels(), count: fold.blocks.count)
    guard !fold.series.label.isEmpty else { return labels }
    let keys = BlockKeys(fold.blocks)
    let rows = try await connection.query(
      """
      SELECT n, labels, ranks
      FROM log.series_blocks(\(fold.series.name), \(Int32(shard)), \(keys.projects), \(keys.modes), \(keys.ats))
      """)
    for row in rows {
      let ranks = try LabelRanks(bytes: try row.decode("ranks"))
      let calls = Dictionary(uniqueKeysWithValues: ranks.entries.lazy.map { ($0.hash, $0.calls) })
      labels[try row.decode("n", as: Int.self) - 1] = SeriesRows.Labels(count: try row.decode("labels"), calls: calls)
    }
    return labels
  }

  private nonisolated(nonsending) func withStored(_ new: SeriesRows, of fold: SeriesFold) async throws -> SeriesRows {
    let old = new.rows.indices.filter { new.rows[$0].isOld }
    guard !old.isEmpty else { return new }
    var rows = new
    let keys = BlockKeys(old.map { fold.blocks[new.rows[$0].block] })
    let hashes = old.map { new.rows[$0].hash }
    let stored = try await connection.query(
      """
      SELECT n, total, cells
      FROM log.series_rows(
        \(fold.series.name), \(Int32(shard)), \(keys.projects), \(keys.modes), \(keys.ats), \(hashes))
      """)
    for row in stored {
      rows.add(
        total: try TrafficCell(bytes: try row.decode("total")),
        cells: try row.decode("cells", as: [UInt8]?.self).map { bytes in try CellSeries(bytes: bytes) },
        to: old[try row.decode("n", as: Int.self) - 1])
    }
    return rows
  }

  private nonisolated(nonsending) func put(_ rows: SeriesRows, of fold: SeriesFold, isDetail: [Bool]) async throws {
    let keys = BlockKeys(rows.rows.lazy.map { fold.blocks[$0.block] })
    let hashes = rows.rows.map(\.hash)
    let labels = rows.rows.map { String(decoding: $0.label, as: UTF8.self) }
    let totals = rows.rows.map { Bytes($0.total.bytes) }
    let cells = rows.rows.map { Bytes(isDetail[$0.block] ? $0.cells.bytes : []) }
    try await connection.query(
      """
      SELECT log.write_series_rows(
        \(fold.series.name), \(Int32(shard)), \(keys.projects), \(keys.modes), \(keys.ats), \(hashes), \(labels),
        \(totals), \(cells), \(rows.rows.map(\.isThere)))
      """, deadline: .seconds(120))
  }

  private nonisolated(nonsending) func putBlocks(
    _ rows: SeriesRows, of fold: SeriesFold, isDetail: [Bool]
  ) async throws {
    let touched = fold.blocks.indices.filter { isDetail[$0] || fold.series.keepsTotals }
    let keys = BlockKeys(touched.lazy.map { fold.blocks[$0] })
    let counts = touched.map { rows.labels[$0].count }
    let ranks = touched.map { Bytes(LabelRanks(rows.labels[$0].calls).bytes) }
    try await connection.query(
      """
      SELECT log.put_series_blocks(
        \(fold.series.name), \(Int32(shard)), \(keys.projects), \(keys.modes), \(keys.ats), \(counts), \(ranks))
      """)
  }
}
