import Application
import Domain

/// What a chart shows, in a sentence: written from the numbers that it is drawn of.
struct ChartSummary {
  let text: String

  init(_ table: TrafficSeriesTable, _ summary: TrafficSummary, _ asked: TrafficAsked) {
    let numbers = summary.numbers
    guard numbers.calls > 0 else {
      text = "No calls in this period."
      return
    }
    let sentences: [String] =
      switch asked.address.chart {
      case .calls: [Self.calls(numbers), Self.busiest(table), Self.change(summary)]
      case .errors: [Self.errors(numbers), Self.worst(table)]
      case .latency: [Self.latency(numbers), Self.slowest(table)]
      }
    text = sentences.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func calls(_ numbers: TrafficNumbers) -> String {
    "\(Text.calls(numbers.calls)), \(Text.share(numbers.errors4xx, of: numbers.calls)) of them 4xx and \(Text.share(numbers.errors5xx, of: numbers.calls)) 5xx."
  }

  private static func busiest(_ table: TrafficSeriesTable) -> String {
    guard table.rows.count > 1,
      let most = table.rows.max(by: { ($0.numbers?.calls ?? 0) < ($1.numbers?.calls ?? 0) }), let numbers = most.numbers
    else { return "" }
    return "The busiest \(table.unit.rawValue) was \(most.piece.text), with \(Text.number(numbers.calls))."
  }

  private static func change(_ summary: TrafficSummary) -> String {
    guard let other = summary.comparison else { return "" }
    guard let change = Change(of: Double(summary.numbers.calls), from: Double(other.calls)) else {
      return "In the period that it is compared with there were none."
    }
    return "Before there were \(Text.number(other.calls)): \(change.text)."
  }

  private static func errors(_ numbers: TrafficNumbers) -> String {
    "\(Text.number(numbers.errors4xx)) calls were answered 4xx, \(Text.number(numbers.errors5xx)) 5xx, of \(Text.number(numbers.calls))."
  }

  private static func worst(_ table: TrafficSeriesTable) -> String {
    let worst = table.rows.max { ($0.numbers?.errors5xx ?? 0) < ($1.numbers?.errors5xx ?? 0) }
    guard table.rows.count > 1, let worst, let numbers = worst.numbers, numbers.errors5xx > 0 else { return "" }
    return "The \(table.unit.rawValue) with most 5xx was \(worst.piece.text), with \(Text.number(numbers.errors5xx))."
  }

  private static func latency(_ numbers: TrafficNumbers) -> String {
    guard numbers.timedCalls > 0 else { return "None of the calls says how long it took." }
    return
      "Half of the calls took \(Text.milliseconds(numbers.p50)) at most, 95 % \(Text.milliseconds(numbers.p95)), 99 % \(Text.milliseconds(numbers.p99))."
  }

  private static func slowest(_ table: TrafficSeriesTable) -> String {
    func p95(_ row: TrafficSeriesTable.Row) -> Double { row.numbers?.p95.flatMap(Double.init) ?? 0 }
    guard table.rows.count > 1, let slowest = table.rows.max(by: { p95($0) < p95($1) }), p95(slowest) > 0 else {
      return ""
    }
    return
      "The slowest \(table.unit.rawValue) by p95 was \(slowest.piece.text), with \(Text.milliseconds(slowest.numbers?.p95))."
  }
}
