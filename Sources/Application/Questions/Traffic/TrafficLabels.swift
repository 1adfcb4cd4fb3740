import Domain
import EventLog
import Foundation
import Postgres

/// What requests of a project are told apart by.
package enum TrafficLabel: String, Sendable, CaseIterable {
  /// By method and template.
  case endpoint
  /// By method and path.
  case path
  /// By who called.
  case consumer
  /// By the API's own version.
  case release
  /// By the key that sent them.
  case key
}

/// How often each label of whole days was called.
struct LabelRanksQuestion: Question {
  let shard: Int
  let span: TrafficSpan
  let series: TrafficLabel
  let whole: Range<Instant>

  struct Block: Sendable {
    let at: Instant
    let ranks: LabelRanks
  }

  static let file = QueryFile("traffic", "label_ranks")
  static let sample = Self(shard: 0, span: .sample, series: .endpoint, whole: .sample)
  var parameters: [any PostgresEncodable] {
    span.subject(shard) + [series.rawValue, whole.lowerBound, whole.upperBound]
  }

  static func answer(_ row: AnswerRow) throws -> Block {
    Block(at: try row.value("at"), ranks: try row.value("ranks"))
  }
}

/// Days on which labels were called, and what each day's numbers are made of.
struct LabelVersionsQuestion: Question {
  let shard: Int
  let span: TrafficSpan
  let series: TrafficLabel

  struct Found: Sendable {
    let at: Instant
    /// Another one when a label's numbers are.
    let version: String
  }

  static let file = QueryFile("traffic", "label_versions")
  static let sample = Self(shard: 0, span: .sample, series: .endpoint)
  var parameters: [any PostgresEncodable] {
    span.subject(shard) + [series.rawValue, span.range.lowerBound.toDay, span.range.upperBound]
  }

  static func answer(_ row: AnswerRow) throws -> Found {
    Found(at: try row.value("at"), version: try row.value("version"))
  }
}

/// All labels of some days by the quarter of an hour.
struct LabelQuartersQuestion: Question {
  let shard: Int
  let span: TrafficSpan
  let series: TrafficLabel
  let days: [Instant]

  struct Found: Sendable {
    let at: Instant
    let hash: Int64
    let calls: QuarterCalls
  }

  static let file = QueryFile("traffic", "label_quarters")
  static let sample = Self(shard: 0, span: .sample, series: .endpoint, days: [])
  var parameters: [any PostgresEncodable] { span.subject(shard) + [series.rawValue, days] }

  static func answer(_ row: AnswerRow) throws -> Found {
    Found(at: try row.value("at"), hash: try row.value("hash"), calls: try row.value("cells"))
  }
}

/// Some labels on some days.
struct LabelRowsQuestion: Question {
  let shard: Int
  let span: TrafficSpan
  let series: TrafficLabel
  let days: [Instant]
  let parts: [Instant]
  let hashes: [Int64]

  struct Found: Sendable {
    let hash: Int64
    let label: String
    let day: TrafficDay
  }

  static let file = QueryFile("traffic", "label_rows")
  static let sample = Self(shard: 0, span: .sample, series: .endpoint, days: [], parts: [], hashes: [])
  var parameters: [any PostgresEncodable] { span.subject(shard) + [series.rawValue, days, parts, hashes] }

  static func answer(_ row: AnswerRow) throws -> Found {
    Found(
      hash: try row.value("hash"), label: try row.value("label"),
      day: TrafficDay(at: try row.value("at"), total: try row.value("total"), quarters: try row.value("cells")))
  }
}

/// A label of a ranking.
struct RankedLabel: Sendable {
  let rank: TrafficRank
  /// Empty: all that had no label of their own.
  let label: String
  let total: TrafficCell
  /// The first and the last day (UTC) of the span on which it was called.
  let days: ClosedRange<Instant>?
  /// In the span that it is compared with, where one was asked for.
  var counterpart: Counterpart?
}

extension Snapshot {
  /// The labels of a span that were called most, after a rank, and what they were in the span that it is compared with.
  nonisolated(nonsending) func ranked(
    by series: TrafficLabel, _ spans: CountedSpans, shard: Int, after rank: TrafficRank?, limit: Int
  ) async throws -> [RankedLabel] {
    let page = try await ranked(by: series, spans.own, shard: shard, after: rank, limit: limit)
    guard let other = spans.other else { return page }
    return try await compared(page, by: series, with: other, spans.detailFrom, shard: shard)
  }

  private nonisolated(nonsending) func compared(
    _ page: [RankedLabel], by series: TrafficLabel, with span: TrafficSpan, _ detailFrom: Instant, shard: Int
  ) async throws -> [RankedLabel] {
    let days = try await ask(TrafficDaysQuestion(shard: shard, span: span, parts: [])).map(\.at)
    let rows = try await ask(
      LabelRowsQuestion(
        shard: shard, span: span, series: series, days: days, parts: SpanDays(span.range).parts.map(\.day),
        hashes: page.map(\.rank.hash) + [SeriesLabel.rest]))
    let byHash = Dictionary(grouping: rows, by: \.hash)
    let full = Set(byHash[SeriesLabel.rest]?.map(\.day.at) ?? [])
    return page.map { ranked in
      let rows = (byHash[ranked.rank.hash] ?? []).map { ($0.day.at, $0.day) }
      let days = Dictionary(rows, uniquingKeysWith: { first, _ in first })
      // The rest of one day is not that of another.
      let isKnown =
        span.range.lowerBound >= detailFrom && ranked.rank.hash != SeriesLabel.rest
        && full.allSatisfy { days[$0] != nil }
      var ranked = ranked
      ranked.counterpart = Counterpart(numbers: isKnown ? TrafficNumbers(days.total(of: span.range)) : nil)
      return ranked
    }
  }
}
