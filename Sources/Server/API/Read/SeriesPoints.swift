import Application
import Domain
import Foundation

extension LocalCalendar.Unit {
  /// The least that it lasts.
  private var span: Duration {
    switch self {
    case .minute: .minutes(1)
    case .hour: .hours(1)
    case .day: .hours(23)
    case .week: .days(6)
    case .month: .days(28)
    }
  }

  /// A day of minutes, two months of hours: what a chart can show, and a bound on what one answer costs.
  static let maximumPoints = 1_500

  func check(
    _ range: Range<Instant>, _ parameters: ReadParameters, atMost most: Int = maximumPoints
  ) throws(Problem) {
    let points = Int(saturating: ((range.upperBound - range.lowerBound) / span).rounded(.up))
    guard points <= most else {
      throw parameters.invalid(
        "interval", "\(rawValue) over \(points) points",
        allowed: "at most \(most) points: a longer interval, or a shorter span from `from` to `to`")
    }
  }
}

/// A time zone, and what it was called.
struct NamedZone: Sendable {
  let name: String
  let calendar: LocalCalendar

  static let utc = NamedZone(name: "UTC", calendar: .utc)
}

extension Parameter where Value == NamedZone {
  /// Whose hours, days, weeks and months are meant.
  static var timeZone: Self {
    Parameter(
      "time_zone", .string,
      note: """
        Whose hours, days, weeks and months are meant: a name of the IANA database such as Asia/Kolkata; UTC by default. Days of other \
        zones than UTC are told as far back as detail is kept.
        """
    ) { parameters in
      guard let name = try parameters.text("time_zone") else { return .utc }
      guard TimeZoneName.isOne(name), let zone = TimeZone(identifier: name) else {
        throw parameters.invalid(
          "time_zone", name, allowed: "a name of the IANA database such as Europe/Berlin or Asia/Kolkata")
      }
      return NamedZone(name: name, calendar: LocalCalendar(zone))
    }
  }
}
