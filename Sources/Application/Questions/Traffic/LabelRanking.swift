import Domain
import EventLog
import Foundation

/// Which labels of a span were called most: first the calls of all, by hash alone, then the numbers of those on a page.
///
/// Of a span that moves on, only its last day changes: the calls of all days before it are remembered together.
struct LabelRanking: Sendable {
  let series: TrafficLabel
  let span: TrafficSpan
  let shard: Int

  /// A day on which labels were called.
  private struct Day {
    let at: Instant
    /// Nil: all of it lies in the span, or nothing of what does not.
    let part: Range<Int>?
    let version: String
  }

  /// The labels after a rank. `totals` are the span's days of all requests, with the quarters of those that it holds a part of.
  nonisolated(nonsending) func labels(
    from totals: [Instant: TrafficDay], after rank: TrafficRank?, limit: Int, _ snapshot: Snapshot
  ) async throws -> [RankedLabel] {
    let parts = Dictionary(
      SpanDays(span.range).parts.map { ($0.day, $0.quarters) }, uniquingKeysWith: { first, _ in first })
    let days = try await snapshot.ask(LabelVersionsQuestion(shard: shard, span: span, series: series)).map { found in
      let part = parts[found.at].flatMap { totals[found.at]?.isAll(in: $0) == true ? nil : $0 }
      return Day(at: found.at, part: part, version: found.version)
    }
    guard let last = days.last else { return [] }
    var calls = try await settled(days.dropLast(), snapshot)
    for (hash, count) in try await self.calls([last], snapshot) { calls[hash, default: 0] += count }
    return try await labels(TrafficRank.first(limit, of: calls, after: rank), on: days, snapshot)
  }

  private nonisolated(nonsending) func settled(
    _ days: ArraySlice<Day>, _ snapshot: Snapshot
  ) async throws -> [Int64: Int64] {
    guard let first = days.first, let last = days.last else { return [:] }
    let version = days.map { "\($0.at.day) \($0.version) \($0.part.map(\.description) ?? "")" }.joined(separator: ",")
    let stretch = TrafficSpan(
      project: span.project, of: span.account, mode: span.mode, range: first.at..<last.at + .days(1))
    let key = AnswerMemory.Key("calls of every \(series.rawValue)", stretch)
    if let known: LabelCalls = snapshot.memory.value(key, version: Array(version.utf8)) { return known.calls }
    let calls = try await calls(Array(days), snapshot)
    snapshot.memory.remember(LabelCalls(calls: calls), of: key, version: Array(version.utf8))
    return calls
  }

  private nonisolated(nonsending) func calls(_ days: [Day], _ snapshot: Snapshot) async throws -> [Int64: Int64] {
    var calls: [Int64: Int64] = [:]
    let whole = days.filter { $0.part == nil }.map(\.at)
    if let first = whole.first, let last = whole.last {
      // No part lies between two of them.
      let range = first..<last + .days(1)
      let blocks = try await snapshot.ask(
        LabelRanksQuestion(shard: shard, span: span, series: series, whole: range))
      calls = LabelRanks.merged(blocks.map(\.ranks))
    }
    let parts = Dictionary(days.compactMap { day in day.part.map { (day.at, $0) } }, uniquingKeysWith: { $1 })
    guard !parts.isEmpty else { return calls }
    let found = try await snapshot.ask(
      LabelQuartersQuestion(shard: shard, span: span, series: series, days: Array(parts.keys)))
    for label in found {
      guard let quarters = parts[label.at] else { continue }
      let count = label.calls.total(of: quarters)
      if count > 0 { calls[label.hash, default: 0] += count }
    }
    return calls
  }

  private nonisolated(nonsending) func labels(
    _ page: [TrafficRank], on days: [Day], _ snapshot: Snapshot
  ) async throws -> [RankedLabel] {
    let parts = Dictionary(days.compactMap { day in day.part.map { (day.at, $0) } }, uniquingKeysWith: { $1 })
    let rows = try await snapshot.ask(
      LabelRowsQuestion(
        shard: shard, span: span, series: series, days: days.map(\.at), parts: Array(parts.keys),
        hashes: page.map(\.hash)))
    let byHash = Dictionary(grouping: rows, by: \.hash)
    return page.map { rank in
      var total = TrafficCell()
      var seen: [Instant] = []
      for row in byHash[rank.hash] ?? [] {
        let cell = parts[row.day.at].map { row.day.quarters?.total(of: $0) ?? TrafficCell() } ?? row.day.total
        guard cell.calls > 0 else { continue }
        total.add(cell)
        seen.append(row.day.at)
      }
      return RankedLabel(
        rank: rank, label: byHash[rank.hash]?.first?.label ?? "", total: total,
        days: seen.min().flatMap { first in seen.max().map { first...$0 } })
    }
  }
}

extension Snapshot {
  /// The labels of a span that were called most, after a rank.
  nonisolated(nonsending) func ranked(
    by series: TrafficLabel, _ span: TrafficSpan, shard: Int, after rank: TrafficRank?, limit: Int
  ) async throws -> [RankedLabel] {
    let days = try await days(span, shard: shard, parts: SpanDays(span.range).parts.map(\.day))
    let ranking = LabelRanking(series: series, span: span, shard: shard)
    return try await ranking.labels(from: days, after: rank, limit: limit, self)
  }
}

/// How often each label was called, by hash.
private struct LabelCalls: Remembered {
  let calls: [Int64: Int64]
  var weight: Int { calls.count * 48 }
}

extension TrafficDay {
  /// Whether all that came on it came in some of its quarters.
  fileprivate func isAll(in places: Range<Int>) -> Bool {
    quarters?.cells.allSatisfy { places.contains($0.place) } ?? false
  }
}
