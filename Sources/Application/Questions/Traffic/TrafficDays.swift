import Domain
import Foundation
import Postgres

/// A day (UTC) of a project's traffic.
struct TrafficDay: Sendable {
  let at: Instant
  let total: TrafficCell
  /// Its quarters of an hour; nil where they were not asked for, or are no longer kept.
  let quarters: CellSeries?
}

extension [Instant: TrafficDay] {
  /// What they hold of a span between quarters.
  func total(of span: Range<Instant>) -> TrafficCell {
    let days = SpanDays(span)
    var total = TrafficCell()
    // Of a span of centuries it is the days that are there that are few, of one of a series' points those of the span.
    if (days.whole.upperBound - days.whole.lowerBound) / .days(1) > Double(count) {
      for (at, day) in self where days.whole.contains(at) { total.add(day.total) }
    } else {
      for at in stride(from: days.whole.lowerBound.day, to: days.whole.upperBound.day, by: 1) {
        if let day = self[Instant(day: at)] { total.add(day.total) }
      }
    }
    for part in days.parts {
      if let quarters = self[part.day]?.quarters { total.add(quarters.total(of: part.quarters)) }
    }
    return total
  }
}

/// Days of all of a project's requests.
struct TrafficDaysQuestion: Question {
  let shard: Int
  let span: TrafficSpan
  /// The days of which quarters are wanted.
  let parts: [Instant]

  static let file = QueryFile("traffic", "days")
  static let sample = TrafficDaysQuestion(shard: 0, span: .sample, parts: [])
  var parameters: [any PostgresEncodable] {
    span.subject(shard) + [span.range.lowerBound.toDay, span.range.upperBound, parts]
  }

  static func answer(_ row: AnswerRow) throws -> TrafficDay {
    TrafficDay(at: try row.value("at"), total: try row.value("total"), quarters: try row.value("cells"))
  }
}

extension Snapshot {
  /// Days of a project's traffic by their beginnings.
  nonisolated(nonsending) func days(
    _ span: TrafficSpan, shard: Int, parts: [Instant]
  ) async throws -> [Instant: TrafficDay] {
    let days = try await ask(TrafficDaysQuestion(shard: shard, span: span, parts: parts))
    return Dictionary(days.map { ($0.at, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

/// Hours of all of a project's requests by the minute.
struct TrafficMinutesQuestion: Question {
  let shard: Int
  let span: TrafficSpan

  struct Hour: Sendable {
    let at: Instant
    let minutes: CellSeries
  }

  static let file = QueryFile("traffic", "minutes")
  static let sample = TrafficMinutesQuestion(shard: 0, span: .sample)
  var parameters: [any PostgresEncodable] {
    span.subject(shard) + [span.range.lowerBound.toHour, span.range.upperBound]
  }

  static func answer(_ row: AnswerRow) throws -> Hour {
    Hour(at: try row.value("at"), minutes: try row.value("cells"))
  }
}
