package import Domain
import Foundation
import Postgres

/// A span of a project's traffic, and its most called endpoints.
package struct TrafficSummary: Sendable, Equatable {
  /// Of all that is asked for.
  package let numbers: TrafficNumbers
  /// Most called first, at most five.
  package let topEndpoints: [EndpointTraffic]
  /// The numbers of the span that it is compared with, where one was asked for.
  package let comparison: TrafficNumbers?
  /// How the endpoints were counted, where that was not together with the numbers.
  package let top: CountedApart?

  init(_ numbers: ComparedNumbers, topEndpoints: [EndpointTraffic], top: CountedApart? = nil) {
    self.numbers = numbers.own
    comparison = numbers.other
    self.topEndpoints = topEndpoints
    self.top = top
  }

  /// How something was counted that took the log.
  package struct CountedApart: Sendable, Equatable {
    /// How much of the span.
    package let coverage: Coverage
    /// As of which position.
    package let asOf: AsOf
  }
}

/// A point of a time series.
package struct TrafficPoint: Sendable, Equatable {
  /// Where its interval begins, before the span perhaps.
  package let time: Instant
  /// Of what of the interval lies in the span.
  package let numbers: TrafficNumbers
}

extension Questions {
  /// A span of a project's traffic in one. Throws ``ReadModelMissing``, and `Gap` where the log is not what the read model knows it to be.
  package func trafficSummary(
    _ span: TrafficSpan, _ terms: TrafficTerms = TrafficTerms()
  ) async throws -> Answered<TrafficSummary> {
    if let summary = try await trafficSummaryOfRows(span, terms) { return summary }
    return try await trafficSummaryOfLog(span, terms)
  }

  /// The same in milliseconds, of all requests or of those of an endpoint; nil where it takes the log to count them.
  package func trafficSummaryOfRows(
    _ span: TrafficSpan, _ terms: TrafficTerms
  ) async throws -> Answered<TrafficSummary>? {
    let label = terms.filter.label
    guard terms.filter.isEmpty || label?.series == .endpoint else { return nil }
    let shard = self.shard(of: span.account)
    return try await ofRows(span, terms, "summary") { snapshot, spans -> TrafficSummary? in
      guard let numbers = try await snapshot.numbers(spans, of: label, shard: shard) else { return nil }
      guard label == nil else {
        let endpoint = EndpointTraffic(terms.filter, numbers)
        return TrafficSummary(
          numbers, topEndpoints: [spans.isOtherKept ? endpoint : endpoint.uncompared].filter { $0.numbers.calls > 0 })
      }
      let top = try await snapshot.ranked(by: .endpoint, spans, shard: shard, after: nil, limit: 5)
      return TrafficSummary(numbers, topEndpoints: top.map(EndpointTraffic.init))
    }.there()
  }

  private func trafficSummaryOfLog(
    _ span: TrafficSpan, _ terms: TrafficTerms
  ) async throws -> Answered<TrafficSummary> {
    let fold = TrafficFold(length: nil, by: .endpoint)
    let found: Answered<LogSummary> = try await ofLog(span, terms, fold: fold) { snapshot, own, other in
      let isWhole = own.coverage.stop == nil && other?.coverage.stop == nil
      let known = isWhole ? nil : try await numbersOfRows(span, terms, beside: snapshot)
      return LogSummary(own, other, asOf: snapshot.asOf, known: known)
    }
    return found.value.known ?? found.map(\.counted)
  }

  /// What the log holds too much of to be counted may be known of a label all the same; nil where it is not.
  private nonisolated(nonsending) func numbersOfRows(
    _ span: TrafficSpan, _ terms: TrafficTerms, beside snapshot: Snapshot
  ) async throws -> Answered<ComparedNumbers>? {
    guard let label = terms.filter.label else { return nil }
    let shard = self.shard(of: span.account)
    let rows = try await Snapshot.open(of: "traffic", shard: shard, self, on: snapshot.connection)
    let detailFrom = try await rows.ask(RetentionOfTrafficQuestion(shard: shard, project: span.project)).first
    let spans = CountedSpans(span, terms, detailFrom: detailFrom ?? .distantPast)
    return try await rows.numbers(spans, of: label, shard: shard).map {
      Answered($0, rows.asOf, detailFrom: detailFrom, range: spans.own.range, comparison: spans.comparison)
    }
  }

  /// The oldest hour that some projects of a shard have detail of; none of those that have none.
  func oldestDetail(of projects: [UUID], on shard: Int) async throws -> [OldestDetail] {
    try await ask(OldestTrafficQuestion(shard: shard, projects: projects))
  }
}

/// What the log came to, and what is known beside.
private struct LogSummary: Sendable {
  let counted: TrafficSummary
  /// With the numbers of a label's rows; nil where there are none, or all was counted.
  let known: Answered<TrafficSummary>?

  init(
    _ own: LogCount.Counted, _ other: LogCount.Counted?, asOf: AsOf, known numbers: Answered<ComparedNumbers>?
  ) {
    let top = own.ranked(after: nil, limit: 5, against: other).map(EndpointTraffic.init)
    let counts = ComparedNumbers(
      own: TrafficNumbers(own.fold.total), other: other.map { TrafficNumbers($0.fold.total) })
    counted = TrafficSummary(counts, topEndpoints: top)
    let apart = TrafficSummary.CountedApart(coverage: own.coverage, asOf: asOf)
    known = numbers?.map {
      TrafficSummary($0, topEndpoints: top, top: apart)
    }
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
