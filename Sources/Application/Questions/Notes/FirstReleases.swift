import Domain
import EventLog
import Foundation

extension Questions {
  /// Releases that a project's requests named first in a span, the latest first: to the quarter of an hour.
  ///
  /// Of what is kept: a release that was there on the first day of detail may have been there before, and is not told.
  func firstReleases(_ span: TrafficSpan, limit: Int) async throws -> Answered<[Mark]> {
    let shard = self.shard(of: span.account)
    return try await snapshot(of: "traffic", shard: shard) { snapshot in
      try await snapshot.firstReleases(span, shard: shard, limit: limit)
    }
  }
}

extension Snapshot {
  fileprivate nonisolated(nonsending) func firstReleases(
    _ span: TrafficSpan, shard: Int, limit: Int
  ) async throws -> [Mark] {
    let detailFrom = try await ask(RetentionOfTrafficQuestion(shard: shard, project: span.project)).first
    let kept = (detailFrom ?? .epoch)..<max(detailFrom ?? .epoch, span.range.upperBound)
    let blocks = try await ask(LabelRanksQuestion(shard: shard, span: span, series: .release, whole: kept))
    let first = Self.firstDays(blocks).filter { _, day in
      day >= span.range.lowerBound.toDay && detailFrom.map { $0 < day } ?? true
    }.sorted { $0.value > $1.value }.prefix(limit)
    guard !first.isEmpty else { return [] }
    let days = Array(Set(first.map(\.value)))
    let rows = try await ask(
      LabelRowsQuestion(
        shard: shard, span: span, series: .release, days: days, parts: days, hashes: first.map(\.key)))
    let firstDay = Dictionary(first.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    return rows.compactMap { row -> Mark? in
      guard firstDay[row.hash] == row.day.at,
        let quarter = row.day.quarters?.cells.first(where: { $0.cell.calls > 0 })
      else { return nil }
      let seen = row.day.at + .minutes(15 * Int64(quarter.place))
      guard seen >= span.range.lowerBound.toQuarter, seen < span.range.upperBound else { return nil }
      return Mark(at: seen, until: nil, what: .releaseSeen(row.label))
    }.sorted { $0.at > $1.at }
  }

  /// On which day each label was called first.
  private static func firstDays(_ blocks: [LabelRanksQuestion.Block]) -> [Int64: Instant] {
    var days: [Int64: Instant] = [:]
    for block in blocks {
      for entry in block.ranks.entries where entry.calls > 0 && entry.hash != SeriesLabel.rest {
        if days[entry.hash] == nil { days[entry.hash] = block.at }
      }
    }
    return days
  }
}
