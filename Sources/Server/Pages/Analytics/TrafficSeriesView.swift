import Application
import Domain
import Foundation

/// The points of a series on its time line, each beside what it is compared with.
struct TrafficSeriesTable: Sendable {
  struct Row: Sendable {
    let piece: TimeLine.Piece
    /// Nil: it is not kept, or was not counted.
    let numbers: TrafficNumbers?
    /// Of the span that it is compared with.
    let other: TrafficNumbers?
  }

  let rows: [Row]
  let isCompared: Bool
  let unit: LocalCalendar.Unit

  init(_ answer: SpanAnswer<TrafficSeries>, _ asked: TrafficAsked) {
    let (own, counted) = (asked.range, answer.range)
    let range = min(own.lowerBound, counted.lowerBound)..<max(own.upperBound, counted.upperBound)
    let line = TimeLine(range, by: asked.interval, in: asked.calendar, now: asked.now)
    let chart = answer.content.chart
    let points = Dictionary(chart.points.map { ($0.time, $0.numbers) }, uniquingKeysWith: { first, _ in first })
    let others = Dictionary(
      (chart.others ?? []).compactMap { point in point.against.map { ($0, point.point.numbers) } },
      uniquingKeysWith: { first, _ in first })
    rows = line.pieces.map { Row(piece: $0, numbers: points[$0.start], other: others[$0.start]) }
    isCompared = chart.others != nil
    unit = asked.interval
  }
}

/// What a status means, as charts tell statuses apart.
enum StatusClass: Int, Sendable, CaseIterable {
  case fine = 2
  case redirect = 3
  case refused = 4
  case failed = 5

  /// Statuses of 100 to 199, which few ever track, stand with those of 200 to 299.
  var range: ClosedRange<Int> { self == .fine ? 100...299 : rawValue * 100...rawValue * 100 + 99 }
  var title: String { self == .fine ? "2xx" : "\(rawValue)xx" }
  var css: String { "b\(rawValue)" }
}

extension TrafficNumbers {
  func calls(of kind: StatusClass) -> Int64 {
    statuses.reduce(0) { $0 + (kind.range.contains($1.number) ? $1.count : 0) }
  }
}

/// The table beside a chart.
struct SeriesTableView: Sendable {
  let rows: [Row]
  let isCompared: Bool
  let zone: String

  struct Row: Sendable {
    let text, path: String
    let isUnfinished: Bool
    /// What the chart draws of it, for scripts: numbers between commas, nothing where there is none.
    let drawn: String
    /// Where the axis has a label.
    let label: String?
    let calls, fine, redirects, refused, failed, p50, p95, p99, before: String
  }

  init(_ table: TrafficSeriesTable, _ asked: TrafficAsked) {
    isCompared = table.isCompared
    zone = asked.zone.name
    let drawing = table.drawing(of: asked.address.chart)
    let step = ChartView.labelStep(table.rows.count)
    rows = table.rows.enumerated().map { place, row in
      Row(row, drawing.values(row), label: place % step == 0 ? row.piece.label : nil, asked.address)
    }
  }
}

extension SeriesTableView.Row {
  fileprivate init(
    _ row: TrafficSeriesTable.Row, _ values: [Double?], label: String?, _ address: TrafficAddress
  ) {
    drawn = values.map { $0.map(ChartScale.text) ?? "" }.joined(separator: ",")
    self.label = label
    text = row.piece.text
    path = address.narrowed(to: row.piece.span).place().path
    isUnfinished = row.piece.isUnfinished
    let numbers = row.numbers
    calls = numbers.map { Text.number($0.calls) } ?? "not kept"
    func count(_ kind: StatusClass) -> String {
      guard let numbers, numbers.calls > 0 else { return "–" }
      return Text.number(numbers.calls(of: kind))
    }
    (fine, redirects, refused, failed) = (count(.fine), count(.redirect), count(.refused), count(.failed))
    p50 = Text.milliseconds(numbers?.p50)
    p95 = Text.milliseconds(numbers?.p95)
    p99 = Text.milliseconds(numbers?.p99)
    before = row.other.map { Text.number($0.calls) } ?? "–"
  }
}

extension TrafficAddress {
  /// What lies in a bar.
  func narrowed(to range: Range<Instant>) -> TrafficAddress {
    with {
      $0.period = .span(range)
      ($0.interval, $0.cursor) = (nil, nil)
    }
  }
}
