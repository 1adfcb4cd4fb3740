import Domain
import Foundation

/// The grain of a time series.
enum Interval: String, CaseIterable {
  case minute, hour, day

  private var seconds: Double {
    switch self {
    case .minute: 60
    case .hour: 3_600
    case .day: 86_400
    }
  }

  /// A day of minutes, two months of hours: what a chart can show, and a bound on what one answer costs.
  static let maximumPoints = 1_500

  func check(_ range: Range<Date>, _ parameters: ReadParameters) throws(Problem) {
    let points = Int(
      saturating: (range.upperBound.timeIntervalSince(range.lowerBound) / seconds).rounded(.up))
    guard points <= Self.maximumPoints else {
      throw parameters.invalid(
        "interval", "\(rawValue) over \(points) points",
        allowed: "at most \(Self.maximumPoints) points: a longer interval, or a shorter span from `from` to `to`")
    }
  }
}
