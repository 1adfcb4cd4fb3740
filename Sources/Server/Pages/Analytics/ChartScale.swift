import Foundation

/// The height of a chart: from nothing to a round number that all of it is below.
struct ChartScale: Sendable {
  let top: Double

  /// Of the plot, in pixels; its labels stand below.
  static let height = 180.0

  init(_ most: Double) {
    guard most > 0 else {
      top = 2
      return
    }
    var unit = 1.0
    while unit * 10 < most { unit *= 10 }
    while unit >= most { unit /= 10 }
    top = [2, 4, 6, 10].map { $0 * unit }.first { $0 >= most } ?? 10 * unit
  }

  /// From the top, in pixels.
  func y(_ value: Double) -> Double { Self.height * (1 - min(1, max(0, value / top))) }

  /// As an attribute.
  static func text(_ value: Double) -> String {
    let text = String(format: "%.2f", locale: nil, value)
    guard text.contains(".") else { return text }
    let short = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
    return short.isEmpty ? "0" : String(String(short.reversed()))
  }

  /// A part of the width, as an attribute.
  static func percent(_ value: Double) -> String { "\(text(value))%" }
}
