import Domain
import Foundation
import Postgres

/// On which days a project's requests were recorded, as positions.
struct RecordedDays: Sendable {
  struct Day: Sendable, Equatable {
    /// Its beginning (UTC).
    let day: Instant
    let positions: ClosedRange<Int64>
  }

  /// In order; none overlap, since positions rise with time.
  private let days: [Day]

  init(_ days: [Day]) { self.days = days }

  /// The day on which what stands at a position was recorded; nil for one that is none of the project's.
  func day(of position: Int64) -> Instant? {
    var (low, high) = (0, days.count)
    while low < high {
      let middle = (low + high) / 2
      if days[middle].positions.upperBound < position { low = middle + 1 } else { high = middle }
    }
    guard low < days.count, days[low].positions.contains(position) else { return nil }
    return days[low].day
  }
}

struct RecordedDaysQuestion: Question {
  let span: TrafficSpan
  let shard: Int

  static let file = QueryFile("usage", "recorded_days")
  static let sample = RecordedDaysQuestion(span: .sample, shard: 0)
  var parameters: [any PostgresEncodable] {
    // The last moment of the span, which ends before its upper bound.
    let last = max(span.range.lowerBound, span.range.upperBound - .milliseconds(1))
    return [
      Int32(shard), span.account, span.project, span.mode.rawValue,
      CalendarMonth(of: span.range.lowerBound).description,
      CalendarMonth(of: last).description,
    ]
  }

  static func answer(_ row: AnswerRow) throws -> RecordedDays.Day {
    let (first, last) = (
      try row.value("first_position", as: Int64.self), try row.value("last_position", as: Int64.self)
    )
    return RecordedDays.Day(day: try row.value("recorded_on"), positions: first...max(first, last))
  }
}
