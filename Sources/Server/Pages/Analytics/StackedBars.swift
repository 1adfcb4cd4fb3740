import Application
import Domain
import Foundation

/// Calls by what became of them, a bar an interval.
struct StackedBars: ChartDrawing {
  /// From the ground up.
  let kinds: [StatusClass]
  let table: TrafficSeriesTable

  private func total(_ numbers: TrafficNumbers?) -> Int64 {
    guard let numbers else { return 0 }
    return kinds.reduce(0) { $0 + numbers.calls(of: $1) }
  }

  /// Two at least: there is no half of a call.
  var most: Double { Double(max(2, table.rows.map { max(total($0.numbers), total($0.other)) }.max() ?? 0)) }

  var legend: [ChartView.Legend] { kinds.map { ChartView.Legend(kind: $0.css, text: $0.title) } }

  var comparedWith: String { kinds.count < StatusClass.allCases.count ? "errors before" : "calls before" }

  func text(_ value: Double) -> String {
    value == value.rounded() && value < 1e18 ? Text.number(Int64(value)) : ChartScale.text(value)
  }

  func bar(
    _ row: TrafficSeriesTable.Row, in slot: Slot, _ scale: ChartScale, _ address: TrafficAddress
  ) -> ChartView.Bar {
    var (parts, height) = ([ChartView.Part](), 0 as Int64)
    for kind in kinds {
      let calls = row.numbers?.calls(of: kind) ?? 0
      guard calls > 0 else { continue }
      let (low, high) = (scale.y(Double(height)), scale.y(Double(height + calls)))
      height += calls
      parts.append(
        ChartView.Part(
          kind: kind.css, x: ChartScale.percent(slot.inner.x), y: ChartScale.text(high),
          width: ChartScale.percent(slot.inner.width),
          // What is not nothing does not look like it.
          height: ChartScale.text(max(low - high, 0.75))))
    }
    return ChartView.Bar(
      row, in: slot, title: title(row), parts: parts, from: height > 0 ? scale.y(Double(height)) : nil, address)
  }

  private func title(_ row: TrafficSeriesTable.Row) -> String {
    guard let numbers = row.numbers else { return "not kept" }
    guard numbers.calls > 0 else { return "no calls" }
    let parts = kinds.map { ($0, numbers.calls(of: $0)) }.filter { $0.1 > 0 }
    let calls = Text.calls(numbers.calls)
    return ([calls] + parts.map { "\(Text.number($0.1)) × \($0.0.title)" }).joined(separator: ", ")
  }

  func lines(in slots: [Slot], _ scale: ChartScale) -> [ChartView.Line] {
    guard table.isCompared else { return [] }
    return zip(table.rows, slots).compactMap { row, slot in
      guard let other = row.other else { return nil }
      let y = ChartScale.text(scale.y(Double(total(other))))
      return ChartView.Line(
        kind: "was", x1: ChartScale.percent(slot.x), y1: y, x2: ChartScale.percent(slot.x + slot.width), y2: y)
    }
  }

  func dots(in slots: [Slot], _ scale: ChartScale) -> [ChartView.Dot] { [] }

  func values(_ row: TrafficSeriesTable.Row) -> [Double?] {
    kinds.map { kind in row.numbers.map { Double($0.calls(of: kind)) } }
      + (table.isCompared ? [row.other.map { Double(total($0)) }] : [])
  }
}
