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
}
