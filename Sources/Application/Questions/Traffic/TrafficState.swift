import Domain
import Foundation
import Postgres

/// What an answer about a span of a project's traffic would be made of at this moment.
struct TrafficState: Sendable {
  let asOf: AsOf
  /// Nil while all detail is kept.
  let detailFrom: Instant?
  /// Another one whenever an answer would be.
  let version: [UInt8]
}

struct TrafficStateQuestion: Question {
  let shard: Int
  /// All that the answer is made of lies in it.
  let span: TrafficSpan

  static let file = QueryFile("traffic", "state")
  static let sample = TrafficStateQuestion(shard: 0, span: .sample)
  var parameters: [any PostgresEncodable] {
    span.subject(shard) + [span.range.lowerBound.toDay, span.range.upperBound.upToDay]
  }

  static func answer(_ row: AnswerRow) throws -> TrafficState {
    let detailFrom: Instant? = try row.value("detail_from")
    let days: Bytes = try row.value("version")
    return TrafficState(
      asOf: AsOf(
        position: try row.value("position"), time: try row.value("recorded_at"),
        logPosition: try row.value("log_position")),
      detailFrom: detailFrom,
      version: days.bytes + Array((detailFrom?.microseconds ?? .min).description.utf8))
  }
}
