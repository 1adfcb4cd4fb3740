import Application
import Domain
import Foundation

/// How long calls took, a line a percentile; where there were none, the lines have a gap.
struct LatencyLines: ChartDrawing {
  let table: TrafficSeriesTable

  private static let kinds: [(css: String, title: String, share: Percentile)] = [
    ("l50", "p50", .p50), ("l95", "p95", .p95), ("l99", "p99", .p99),
  ]

  private static func time(_ numbers: TrafficNumbers?, _ share: Percentile) -> Double? {
    numbers?.percentile(share).flatMap(Double.init)
  }

  var most: Double {
    table.rows.flatMap { [Self.time($0.numbers, .p99), Self.time($0.other, .p95)] }.compactMap(\.self).max() ?? 0
  }

  var legend: [ChartView.Legend] { Self.kinds.map { ChartView.Legend(kind: $0.css, text: $0.title) } }

  let comparedWith = "p95 before"

  func text(_ value: Double) -> String { Text.milliseconds(ChartScale.text(value)) }

  func bar(
    _ row: TrafficSeriesTable.Row, in slot: Slot, _ scale: ChartScale, _ address: TrafficAddress
  ) -> ChartView.Bar {
    let top = Self.time(row.numbers, .p99).map(scale.y)
    return ChartView.Bar(row, in: slot, title: title(row), parts: [], from: top, address)
  }

  private func title(_ row: TrafficSeriesTable.Row) -> String {
    guard let numbers = row.numbers else { return "not kept" }
    guard numbers.timedCalls > 0 else { return numbers.calls > 0 ? "no response times" : "no calls" }
    return Self.kinds.map { "\($0.title) \(Text.milliseconds(numbers.percentile($0.share)))" }.joined(separator: ", ")
  }

  func lines(in slots: [Slot], _ scale: ChartScale) -> [ChartView.Line] {
    let own = Self.kinds.flatMap { kind in
      segments(table.rows.map { Self.time($0.numbers, kind.share) }, kind.css, slots, scale)
    }
    guard table.isCompared else { return own }
    return segments(table.rows.map { Self.time($0.other, .p95) }, "was", slots, scale) + own
  }

  private func segments(
    _ values: [Double?], _ kind: String, _ slots: [Slot], _ scale: ChartScale
  ) -> [ChartView.Line] {
    zip(zip(values, slots), zip(values, slots).dropFirst()).compactMap { one, two in
      guard let from = one.0, let to = two.0 else { return nil }
      return ChartView.Line(
        kind: kind, x1: ChartScale.percent(one.1.middle), y1: ChartScale.text(scale.y(from)),
        x2: ChartScale.percent(two.1.middle), y2: ChartScale.text(scale.y(to)))
    }
  }

  func values(_ row: TrafficSeriesTable.Row) -> [Double?] {
    Self.kinds.map { Self.time(row.numbers, $0.share) } + (table.isCompared ? [Self.time(row.other, .p95)] : [])
  }

  func dots(in slots: [Slot], _ scale: ChartScale) -> [ChartView.Dot] {
    Self.kinds.flatMap { kind in
      zip(table.rows, slots).compactMap { row, slot in
        Self.time(row.numbers, kind.share).map {
          ChartView.Dot(kind: kind.css, x: ChartScale.percent(slot.middle), y: ChartScale.text(scale.y($0)))
        }
      }
    }
  }
}
