import Domain
import Foundation

/// Numbers and times as pages write them.
enum Text {
  /// With its digits in groups: never shortened, for money may depend on it.
  static func number(_ value: Int64) -> String { value.grouped.replacing("-", with: "−") }

  /// A part of a whole in percent, with one decimal; a dash where there is no whole.
  static func share(_ part: Int64, of whole: Int64) -> String {
    guard whole > 0 else { return "–" }
    let tenths = (Double(part) / Double(whole) * 1_000).rounded()
    // What is not nothing does not look like it.
    if part > 0, tenths == 0 { return "< 0.1 %" }
    if part < whole, tenths == 1_000 { return "> 99.9 %" }
    return String(format: "%.1f %%", locale: nil, tenths / 10)
  }

  /// Milliseconds, with as many decimals as say something; a dash where there are none.
  static func milliseconds(_ decimal: String?) -> String {
    guard let decimal, let value = Double(decimal) else { return "–" }
    let places = value < 10 ? 2 : value < 100 ? 1 : 0
    let rounded = String(format: "%.\(places)f", locale: nil, value)
    guard value >= 1_000, let whole = Int64(rounded) else { return "\(rounded) ms" }
    return "\(number(whole)) ms"
  }
}

/// A moment as a page shows it: in the zone of whoever looks, with UTC beside it.
struct Moment: Sendable {
  /// RFC 3339 in UTC, for `<time datetime>` and its title.
  let utc: String
  /// Day and time of day in the zone.
  let text: String

  init(_ instant: Instant, in calendar: LocalCalendar, _ grain: LocalCalendar.Grain = .minute) {
    utc = instant.description
    text = calendar.text(of: instant, grain)
  }

  init?(_ instant: Instant?, in calendar: LocalCalendar, _ grain: LocalCalendar.Grain = .minute) {
    guard let instant else { return nil }
    self.init(instant, in: calendar, grain)
  }
}

extension LocalCalendar {
  /// What its zone is called, UTC by the name that everybody knows.
  var title: String { isUTC ? "UTC" : name }

  /// How finely a moment is told.
  enum Grain: Sendable {
    case day, minute, second
  }

  /// What the clocks of the zone show: `2026-11-27 14:02`.
  func text(of instant: Instant, _ grain: Grain) -> String {
    let local = (instant + offset(at: instant)).description
    let day = local.prefix(10)
    switch grain {
    case .day: return String(day)
    case .minute: return "\(day) \(local.dropFirst(11).prefix(5))"
    case .second: return "\(day) \(local.dropFirst(11).prefix(8))"
    }
  }
}
