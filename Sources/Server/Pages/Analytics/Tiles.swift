import Application
import Domain
import Foundation

/// A figure of a project, what it was before, and the ways to its chart and to its proof.
struct TileView: Sendable {
  let label, value, path, why: String
  let isCurrent: Bool
  /// What it is compared with; nil: nothing, or it can't be told.
  let before: String?
  let change: String?
  /// Whether the change is for the worse, where one is better than the other.
  let isWorse, isBetter: Bool
}

/// What tiles tell: the definition stands beside the proof of each.
enum Figure: String, Sendable, CaseIterable {
  case calls
  case average
  case errors4xx = "errors_4xx"
  case errors5xx = "errors_5xx"
  case p50, p95, p99, apdex

  var label: String {
    switch self {
    case .calls: "Calls"
    case .average: "Average time"
    case .errors4xx: "4xx rate"
    case .errors5xx: "5xx rate"
    case .p50, .p95, .p99: rawValue
    case .apdex: "Apdex"
    }
  }

  var chart: TrafficAddress.Chart {
    switch self {
    case .calls: .calls
    case .errors4xx, .errors5xx: .errors
    case .average, .p50, .p95, .p99, .apdex: .latency
    }
  }

  /// T: who waited so long at most is satisfied.
  static let apdexThreshold: Int64 = 500_000_000

  func text(_ numbers: TrafficNumbers) -> String {
    switch self {
    case .calls: Text.number(numbers.calls)
    case .errors4xx: Text.share(numbers.errors4xx, of: numbers.calls)
    case .errors5xx: Text.share(numbers.errors5xx, of: numbers.calls)
    case .average: Text.milliseconds(numbers.averageResponseTime)
    case .p50: Text.milliseconds(numbers.p50)
    case .p95: Text.milliseconds(numbers.p95)
    case .p99: Text.milliseconds(numbers.p99)
    case .apdex: value(numbers).map { String(format: "%.2f", locale: nil, $0) } ?? "–"
    }
  }

  /// Nil: there is nothing that it could be told of.
  func value(_ numbers: TrafficNumbers) -> Double? {
    switch self {
    case .calls: return Double(numbers.calls)
    case .errors4xx: return numbers.calls > 0 ? Double(numbers.errors4xx) / Double(numbers.calls) : nil
    case .errors5xx: return numbers.calls > 0 ? Double(numbers.errors5xx) / Double(numbers.calls) : nil
    case .average: return numbers.averageResponseTime.flatMap(Double.init)
    case .p50: return numbers.p50.flatMap(Double.init)
    case .p95: return numbers.p95.flatMap(Double.init)
    case .p99: return numbers.p99.flatMap(Double.init)
    case .apdex:
      let apdex = numbers.apdex(threshold: Self.apdexThreshold)
      guard apdex.samples > 0 else { return nil }
      return (Double(apdex.satisfied) + Double(apdex.tolerating) / 2) / Double(apdex.samples)
    }
  }

  /// How it changed; nil where one of the two is not there.
  func change(_ numbers: TrafficNumbers, from other: TrafficNumbers) -> Change? {
    guard let value = value(numbers), let before = self.value(other) else { return nil }
    switch self {
    case .errors4xx, .errors5xx: return .ofRates(value, from: before)
    default: return Change(of: value, from: before)
    }
  }

  /// Whether more of it is worse; nil: that is for people to say.
  fileprivate var isWorseWhenUp: Bool? {
    switch self {
    case .calls: nil
    case .apdex: false
    default: true
    }
  }
}

extension TileView {
  init(_ figure: Figure, _ numbers: TrafficNumbers, _ other: TrafficNumbers?, _ address: TrafficAddress) {
    label = figure.label
    value = figure.text(numbers)
    path = address.with { ($0.chart, $0.cursor) = (figure.chart, nil) }.place().path
    why = address.place(.explain, [("figure", figure.rawValue)]).path
    isCurrent = figure.chart == address.chart
    before = other.map(figure.text)
    let change = other.flatMap { figure.change(numbers, from: $0) }
    self.change = change?.text
    let isWorse = change.flatMap { change in figure.isWorseWhenUp.map { $0 == change.isUp } }
    let isSame = change.map { ["+0.0 %", "−0.0 %", "+0.0 points", "−0.0 points"].contains($0.text) } ?? true
    self.isWorse = isWorse == true && !isSame
    isBetter = isWorse == false && !isSame
  }
}
