import Foundation

/// How a number differs from what it is compared with.
struct Change: Sendable {
  let text: String
  let isUp: Bool

  /// In percent; nil where there was nothing.
  init?(of value: Double, from before: Double) {
    guard before > 0 else { return nil }
    self.init((value / before - 1) * 100, "%")
  }

  /// Between two rates, 0 to 1: in points of percent.
  static func ofRates(_ value: Double, from before: Double) -> Change { Change((value - before) * 100, "points") }

  private init(_ difference: Double, _ unit: String) {
    isUp = difference > 0
    let size = abs(difference)
    let number = size >= 1_000 ? Text.number(Int64(min(size, 1e15))) : String(format: "%.1f", locale: nil, size)
    text = "\(difference < 0 ? "−" : "+")\(number) \(unit)"
  }
}

extension Text {
  /// So many calls.
  static func calls(_ count: Int64) -> String { "\(number(count)) \(count == 1 ? "call" : "calls")" }
}
