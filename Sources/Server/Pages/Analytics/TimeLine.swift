import Domain
import Foundation

/// The intervals of a chart as the clocks of a zone show them, each told apart from every other.
struct TimeLine: Sendable {
  struct Piece: Sendable {
    /// Where its interval begins, before the span perhaps.
    let start: Instant
    /// What of it lies in the span.
    let span: Range<Instant>
    /// As a row's head, or a tooltip, says it.
    let text: String
    /// As an axis does.
    let label: String
    /// Whether it is now: what is still to come is missing.
    let isUnfinished: Bool
  }

  let pieces: [Piece]
  let unit: LocalCalendar.Unit

  init(_ range: Range<Instant>, by unit: LocalCalendar.Unit, in calendar: LocalCalendar, now: Instant) {
    self.unit = unit
    let found = calendar.pieces(of: range, by: unit)
    let texts = found.map { Self.text($0.start, unit, calendar) }
    // An hour that the clocks show twice is two.
    let seen = Dictionary(texts.map { ($0, 1) }, uniquingKeysWith: +)
    pieces = zip(found, texts).map { piece, text in
      let isTwice = seen[text, default: 1] > 1
      let offset = isTwice ? " (UTC\(Self.offset(calendar.offset(at: piece.start))))" : ""
      return Piece(
        start: piece.start, span: piece.span, text: text + offset,
        label: Self.label(piece.start, unit, calendar),
        isUnfinished: calendar.interval(unit, holding: piece.start).contains(now))
    }
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

  private static func text(_ time: Instant, _ unit: LocalCalendar.Unit, _ calendar: LocalCalendar) -> String {
    switch unit {
    case .minute, .hour: calendar.text(of: time, .minute)
    case .day: "\(calendar.text(of: time, .day)) \(weekday(time, calendar))"
    case .week: "week of \(calendar.text(of: time, .day))"
    case .month: String(calendar.text(of: time, .day).prefix(7))
    }
  }

  private static func weekday(_ time: Instant, _ calendar: LocalCalendar) -> String {
    let day = (time + calendar.offset(at: time)).day
    return weekdays[Int(((day % 7) + 7) % 7)]
  }

  private static func label(_ time: Instant, _ unit: LocalCalendar.Unit, _ calendar: LocalCalendar) -> String {
    let text = calendar.text(of: time, .minute)
    let (day, clock) = (text.dropFirst(8).prefix(2), text.suffix(5))
    let month = Int(text.dropFirst(5).prefix(2)).map { months[($0 - 1) % 12] } ?? ""
    switch unit {
    case .minute, .hour: return clock == "00:00" ? "\(Int(day) ?? 0) \(month)" : String(clock)
    case .day, .week: return "\(Int(day) ?? 0) \(month)"
    case .month: return "\(month) \(text.prefix(4))"
    }
  }

  /// Such as `+02:00`.
  private static func offset(_ duration: Duration) -> String {
    let minutes = Int(duration.wholeSeconds) / 60
    let (hours, rest) = (abs(minutes) / 60, abs(minutes) % 60)
    return "\(minutes < 0 ? "−" : "+")\(String(format: "%02d:%02d", hours, rest))"
  }
}
