package import Domain

/// A span of a project's traffic as points, one per interval of a time zone, in order. Those that are not known are left out: those that are
/// no longer kept (all minutes and hours, and days, weeks and months of other zones than UTC), and those that were not counted.
package struct TrafficChart: Sendable, Equatable {
  /// Of the span.
  package let points: [TrafficPoint]
  /// Of the span that it is compared with, where one was asked for.
  package let others: [ComparedPoint]?

  /// A point of the span that another is compared with.
  package struct ComparedPoint: Sendable, Equatable {
    /// As of that span.
    package let point: TrafficPoint
    /// Where the interval begins that it stands beside; nil: it stands beside none.
    package let against: Instant?
  }

  init(_ points: [TrafficPoint], others: [TrafficPoint]?, pairs: [Instant: Instant]) {
    self.points = points
    self.others = others?.map { ComparedPoint(point: $0, against: pairs[$0.time]) }
  }
}

/// Which intervals a chart's points are of.
private struct Intervals {
  let unit: LocalCalendar.Unit
  let calendar: LocalCalendar

  func pieces(of span: Range<Instant>) -> [(start: Instant, span: Range<Instant>)] {
    calendar.pieces(of: span, by: unit)
  }

  func pairs(_ span: TrafficSpan, _ comparison: SpanComparison?) -> [Instant: Instant] {
    comparison?.pairs(of: span.inQuarters.range, by: unit, in: calendar) ?? [:]
  }
}

extension Questions {
  /// A span of a project's traffic as points. Throws ``ReadModelMissing``, and `Gap` where the log is not what the read model knows it to be.
  package func trafficChart(
    _ span: TrafficSpan, by unit: LocalCalendar.Unit, in calendar: LocalCalendar, _ terms: TrafficTerms = TrafficTerms()
  ) async throws -> Answered<TrafficChart> {
    if let chart = try await trafficChartOfRows(span, by: unit, in: calendar, terms) { return chart }
    let intervals = Intervals(unit: unit, calendar: calendar)
    let fold = TrafficFold(length: unit == .minute ? 60_000 : Quarter.milliseconds)
    return try await ofLog(span, terms, fold: fold) { _, own, other in
      TrafficChart(
        own.points(by: intervals), others: other?.points(by: intervals), pairs: intervals.pairs(span, terms.comparison))
    }
  }

  /// The same in milliseconds, of all requests or of those of a label; nil where it takes the log to count them.
  package func trafficChartOfRows(
    _ span: TrafficSpan, by unit: LocalCalendar.Unit, in calendar: LocalCalendar, _ terms: TrafficTerms
  ) async throws -> Answered<TrafficChart>? {
    let label = terms.filter.label
    guard terms.filter.isEmpty || (label != nil && unit != .minute) else { return nil }
    let (shard, intervals) = (self.shard(of: span.account), Intervals(unit: unit, calendar: calendar))
    return try await ofRows(span, terms, "chart \(unit.rawValue) \(calendar.name)") {
      snapshot, spans -> TrafficChart? in
      let detailFrom = spans.detailFrom
      guard let points = try await snapshot.points(spans.own, of: label, by: intervals, detailFrom, shard: shard) else {
        return nil
      }
      guard let other = spans.other else { return TrafficChart(points, others: nil, pairs: [:]) }
      return try await snapshot.points(other, of: label, by: intervals, detailFrom, shard: shard).map {
        TrafficChart(points, others: $0, pairs: intervals.pairs(span, terms.comparison))
      }
    }.there()
  }
}

extension Snapshot {
  /// Nil where it takes the log to count them.
  fileprivate nonisolated(nonsending) func points(
    _ span: TrafficSpan, of label: SoughtLabel?, by intervals: Intervals, _ detailFrom: Instant, shard: Int
  ) async throws -> [TrafficPoint]? {
    let pieces = intervals.pieces(of: span.range).filter { piece in
      SpanDays(piece.span).parts.allSatisfy { $0.day >= detailFrom }
    }
    guard intervals.unit != .minute else { return try await minutes(pieces, span, shard: shard) }
    let parts = Set(pieces.flatMap { SpanDays($0.span).parts.map(\.day) })
    let days = try await days(of: label, span, shard: shard, parts: Array(parts))
    return days.map { days in
      pieces.map { TrafficPoint(time: $0.start, numbers: TrafficNumbers(days.total(of: $0.span))) }
    }
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

extension LogCount.Counted {
  /// The points of which anything was counted.
  fileprivate func points(by intervals: Intervals) -> [TrafficPoint] {
    let pieces = intervals.pieces(of: range).filter { $0.span.upperBound > coverage.countedFrom }
    guard !pieces.isEmpty else { return [] }
    var totals = pieces.map { _ in TrafficCell() }
    var index = 0
    for (start, cell) in fold.cells.sorted(by: { $0.key < $1.key }) {
      while index + 1 < pieces.count, pieces[index].span.upperBound <= Instant(milliseconds: start) { index += 1 }
      totals[index].add(cell)
    }
    return zip(pieces, totals).map { TrafficPoint(time: $0.start, numbers: TrafficNumbers($1)) }
  }
}
