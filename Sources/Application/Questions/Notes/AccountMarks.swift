import Domain
import Foundation
import Postgres

/// What happened to an account in a span.
struct AccountMarksQuestion: Question {
  let shard: Int
  let account: UUID
  let range: Range<Instant>
  let rows: Int

  /// The events that make a mark, by their types.
  private enum Kind: String, CaseIterable {
    case tierChanged = "tier_changed"
    case thresholdReached = "quota_threshold_reached"
    case exceeded = "quota_exceeded"
  }

  static let file = QueryFile("notes", "account_marks")
  static let sample = AccountMarksQuestion(shard: 0, account: .sample, range: .sample, rows: 1)
  var parameters: [any PostgresEncodable] {
    [Int32(shard), account, range.lowerBound, range.upperBound, Int32(rows)]
  }

  /// Nil of a tier that only a newer release knows.
  static func answer(_ row: AnswerRow) throws -> Mark? {
    let (at, kind) = (try row.value("at", as: Instant.self), try row.word("kind", as: Kind.self))
    let tier = try row.value("tier", as: String?.self).flatMap(Tier.init(rawValue:))
    let quota = try row.value("quota", as: Int64?.self) ?? 0
    let what: Mark.What? =
      switch kind {
      case .tierChanged: tier.map { Mark.What.tierChanged($0) }
      case .thresholdReached: Mark.What.quotaCrossed(.thresholdReached, quota: quota)
      case .exceeded: Mark.What.quotaCrossed(.exceeded, quota: quota)
      }
    return what.map { Mark(at: at, until: nil, what: $0) }
  }
}

/// What was taken out of a span of a project's numbers.
struct VoidsOfSpanQuestion: Question {
  let shard: Int
  let span: TrafficSpan
  let rows: Int

  static let file = QueryFile("usage", "voids_of_span")
  static let sample = VoidsOfSpanQuestion(shard: 0, span: .sample, rows: 1)
  var parameters: [any PostgresEncodable] { span.subject(shard) + span.bounds + [Int32(rows)] }

  static func answer(_ row: AnswerRow) throws -> Mark {
    Mark(
      at: try row.value("from"), until: try row.value("to"),
      what: .voided(
        id: try row.value("void_id"), events: try row.value("events"), reason: try row.value("reason")))
  }
}
