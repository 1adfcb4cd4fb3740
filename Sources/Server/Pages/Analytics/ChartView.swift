import Application
import Domain
import Foundation

/// A chart: widths are parts of a hundred and heights pixels, so that it is as sharp on a phone as on a wall, and its labels as large.
struct ChartView: Sendable {
  let summary: String
  let bars: [Bar]
  let lines: [Line]
  let dots: [Dot]
  let labels: [Label]
  let legend: [Legend]
  let flags: [Flag]
  let top, middle: String
  /// Of the scale, as a script reads it.
  let most: String
  /// Whether it is of bars, else of lines.
  let hasBars: Bool
  let isEmpty, hasUnfinished: Bool

  struct Bar: Sendable {
    let title, path: String
    /// Of all the room that it has.
    let x, width: String
    let parts: [Part]
    /// What covers it while it is unfinished.
    let hatch: Part?
    let middle: String
    let isGone: Bool
  }

  struct Part: Sendable {
    let kind, x, y, width, height: String
  }

  struct Line: Sendable {
    let kind, x1, y1, x2, y2: String
  }

  struct Dot: Sendable {
    let kind, x, y: String
  }

  struct Label: Sendable {
    let x, text: String
    /// Left out where there is no room.
    let isMinor: Bool
  }

  struct Legend: Sendable {
    let kind, text: String
  }

  init(_ table: TrafficSeriesTable, _ asked: TrafficAsked, summary: String, marks: [Mark] = []) {
    self.summary = summary
    let drawing = table.drawing(of: asked.address.chart)
    let scale = ChartScale(drawing.most)
    let slots = table.rows.indices.map { Slot(index: $0, of: table.rows.count) }
    bars = zip(table.rows, slots).map { row, slot in drawing.bar(row, in: slot, scale, asked.address) }
    lines = drawing.lines(in: slots, scale)
    dots = drawing.dots(in: slots, scale)
    legend = drawing.legend + (table.isCompared ? [Legend(kind: "was", text: drawing.comparedWith)] : [])
    (top, middle) = (drawing.text(scale.top), drawing.text(scale.top / 2))
    (most, hasBars) = (ChartScale.text(scale.top), asked.address.chart != .latency)
    labels = Self.labels(table.rows.map(\.piece.label), slots)
    flags = Flag.all(marks, over: table.rows.map(\.piece.span))
    hasUnfinished = table.rows.contains { $0.piece.isUnfinished }
    isEmpty = !table.rows.contains { ($0.numbers?.calls ?? 0) > 0 }
  }

  private static let mostLabels = 8

  /// Every so many intervals have a label.
  static func labelStep(_ count: Int) -> Int { max(1, (count + mostLabels - 1) / mostLabels) }

  private static func labels(_ texts: [String], _ slots: [Slot]) -> [Label] {
    let step = labelStep(texts.count)
    return stride(from: 0, to: texts.count, by: step).enumerated().map { place, index in
      Label(x: ChartScale.percent(slots[index].middle), text: texts[index], isMinor: place % 2 == 1)
    }
  }
}

/// The room of one interval in a chart, in parts of a hundred.
struct Slot: Sendable {
  let x, width: Double

  init(index: Int, of count: Int) {
    width = 100 / Double(max(1, count))
    x = width * Double(index)
  }

  var middle: Double { x + width / 2 }
  /// Few bars are not walls.
  var inner: (x: Double, width: Double) {
    let width = min(self.width * 0.78, 7)
    return (middle - width / 2, width)
  }
}

/// What a chart draws.
protocol ChartDrawing: Sendable {
  var most: Double { get }
  var legend: [ChartView.Legend] { get }
  var comparedWith: String { get }
  func bar(
    _ row: TrafficSeriesTable.Row, in slot: Slot, _ scale: ChartScale, _ address: TrafficAddress
  ) -> ChartView.Bar
  func lines(in slots: [Slot], _ scale: ChartScale) -> [ChartView.Line]
  func dots(in slots: [Slot], _ scale: ChartScale) -> [ChartView.Dot]
  /// As the axis has it.
  func text(_ value: Double) -> String
  /// What is drawn of an interval, in the order of the legend; nil: nothing is.
  func values(_ row: TrafficSeriesTable.Row) -> [Double?]
}

extension TrafficSeriesTable {
  func drawing(of chart: TrafficAddress.Chart) -> any ChartDrawing {
    switch chart {
    case .calls: StackedBars(kinds: StatusClass.allCases, table: self)
    case .errors: StackedBars(kinds: [.refused, .failed], table: self)
    case .latency: LatencyLines(table: self)
    }
  }
}

extension ChartView.Bar {
  /// - Parameter y: where what is drawn of it begins; nil: nothing is.
  init(
    _ row: TrafficSeriesTable.Row, in slot: Slot, title: String, parts: [ChartView.Part], from y: Double?,
    _ address: TrafficAddress
  ) {
    let so = row.piece.isUnfinished ? " so far" : ""
    self.title = "\(row.piece.text): \(title)\(so)"
    path = address.narrowed(to: row.piece.span).place().path
    (x, width, middle) = (
      ChartScale.percent(slot.x), ChartScale.percent(slot.width), ChartScale.percent(slot.middle)
    )
    self.parts = parts
    isGone = row.numbers == nil
    let height = ChartScale.height - (y ?? ChartScale.height)
    hatch =
      row.piece.isUnfinished
      ? ChartView.Part(
        kind: "", x: ChartScale.percent(slot.inner.x), y: ChartScale.text(y ?? ChartScale.height),
        width: ChartScale.percent(slot.inner.width), height: ChartScale.text(height)) : nil
  }
}
