package import Domain
import Foundation
import Postgres

/// A span of a project's traffic, and its most called endpoints.
package struct TrafficSummary: Sendable, Equatable {
  /// Of all endpoints.
  package let numbers: TrafficNumbers
  /// Most called first, at most five.
  package let topEndpoints: [EndpointTraffic]
}

/// A point of a time series.
package struct TrafficPoint: Sendable, Equatable {
  /// Where its interval begins, before the span perhaps.
  package let time: Instant
  /// Of what of the interval lies in the span.
  package let numbers: TrafficNumbers
}

extension Questions {
  /// A span of a project's traffic in one.
  package func trafficSummary(_ span: TrafficSpan) async throws -> Answered<TrafficSummary> {
    let shard = self.shard(of: span.account)
    return try await traffic(span, "summary") { snapshot, span, _ in
      let days = try await snapshot.days(span, shard: shard, parts: SpanDays(span.range).parts.map(\.day))
      let ranking = LabelRanking(series: .endpoint, span: span, shard: shard)
      let top = try await ranking.labels(from: days, after: nil, limit: 5, snapshot)
      return TrafficSummary(
        numbers: TrafficNumbers(days.total(of: span.range)), topEndpoints: top.map(EndpointTraffic.init))
    }
  }

  /// The same as points, one per interval of a time zone, in order. Those that are no longer kept are left out: all minutes and hours, and
  /// days, weeks and months of other zones than UTC.
  package func trafficSeries(
    _ span: TrafficSpan, by unit: LocalCalendar.Unit, in calendar: LocalCalendar
  ) async throws -> Answered<[TrafficPoint]> {
    let shard = self.shard(of: span.account)
    return try await traffic(span, "series \(unit.rawValue) \(calendar.name)") { snapshot, span, detailFrom in
      let pieces = calendar.pieces(of: span.range, by: unit).filter { piece in
        SpanDays(piece.span).parts.allSatisfy { $0.day >= detailFrom }
      }
      guard unit != .minute else { return try await snapshot.minutes(pieces, span, shard: shard) }
      let parts = Set(pieces.flatMap { SpanDays($0.span).parts.map(\.day) })
      let days = try await snapshot.days(span, shard: shard, parts: Array(parts))
      return pieces.map { TrafficPoint(time: $0.start, numbers: TrafficNumbers(days.total(of: $0.span))) }
    }
  }

  /// The oldest hour that some projects of a shard have detail of; none of those that have none.
  func oldestDetail(of projects: [UUID], on shard: Int) async throws -> [OldestDetail] {
    try await ask(OldestTrafficQuestion(shard: shard, projects: projects))
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

  nonisolated(nonsending) func minutes(
    _ pieces: [(start: Instant, span: Range<Instant>)], _ span: TrafficSpan, shard: Int
  ) async throws -> [TrafficPoint] {
    let hours = try await ask(TrafficMinutesQuestion(shard: shard, span: span))
    let cells = hours.flatMap { hour in hour.minutes.cells.map { (hour.at + .minutes(Int64($0.place)), $0.cell) } }
    let byMinute = Dictionary(cells, uniquingKeysWith: { first, _ in first })
    return pieces.map { TrafficPoint(time: $0.start, numbers: TrafficNumbers(byMinute[$0.start] ?? TrafficCell())) }
  }
}

struct OldestTrafficQuestion: Question {
  let shard: Int
  let projects: [UUID]

  static let file = QueryFile("traffic", "oldest_detail")
  static let sample = OldestTrafficQuestion(shard: 0, projects: [])
  var parameters: [any PostgresEncodable] { [Int32(shard), projects] }
  static func answer(_ row: AnswerRow) throws -> OldestDetail { try OldestDetail(row) }
}
