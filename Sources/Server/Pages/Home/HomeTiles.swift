import Application
import Domain

/// The month in five numbers. A month without a call has none of the others.
struct HomeTiles: Sendable {
  let calls: String
  let responseTime, timed: String
  let share4xx, errors4xx, share5xx, errors5xx: String
  /// Whether calls were answered 500 to 599.
  let isFailing: Bool
  let usage: Usage?

  struct Usage: Sendable {
    let used, quota, share: String
  }

  init(_ numbers: TrafficNumbers, _ usage: MonthUsage?) {
    calls = Text.number(numbers.calls)
    responseTime = Text.milliseconds(numbers.averageResponseTime)
    timed =
      numbers.calls == 0
      ? "no calls"
      : numbers.timedCalls == numbers.calls
        ? "over all of them" : "over the \(Text.number(numbers.timedCalls)) that have a time"
    (share4xx, errors4xx) = Self.errors(numbers.errors4xx, of: numbers.calls)
    (share5xx, errors5xx) = Self.errors(numbers.errors5xx, of: numbers.calls)
    isFailing = numbers.errors5xx > 0
    self.usage = usage.map {
      Usage(used: Text.number($0.used), quota: Text.number($0.quota), share: Text.share($0.used, of: $0.quota))
    }
  }

  private static func errors(_ errors: Int64, of calls: Int64) -> (share: String, count: String) {
    (Text.share(errors, of: calls), calls == 0 ? "no calls" : "\(Text.number(errors)) of \(Text.number(calls))")
  }
}

/// Now, against what it usually is.
struct HomeStrip: Sendable {
  let calls, until, change, other: String
  let hour, failing, p95: String
  let isFailing: Bool

  init(_ strip: HomeAnswers.Strip, in calendar: LocalCalendar) {
    calls = strip.calls.map(Text.number) ?? "–"
    until =
      strip.calls == nil
      ? "its first quarter of an hour is not over" : "until \(calendar.clock(strip.today.upperBound))"
    let weekday = calendar.text(of: strip.other.lowerBound, .day)
    switch (strip.calls, strip.otherCalls) {
    case (let calls?, let others?):
      change = Text.change(from: others, to: calls)
      other = "\(Text.number(others)) by then on \(weekday), a week before"
    default:
      change = "–"
      other = "the same hours a week before are not kept"
    }
    hour = "since \(calendar.clock(strip.hour.lowerBound))"
    failing = strip.last.calls == 0 ? "–" : Text.number(strip.last.errors5xx)
    isFailing = strip.last.errors5xx > 0
    p95 = Text.milliseconds(strip.last.p95)
  }
}

extension LocalCalendar {
  /// Time of day, such as 14:02.
  func clock(_ instant: Instant) -> String { String(text(of: instant, .minute).suffix(5)) }
}

extension Text {
  /// How much more or less, in percent; a dash where nothing is compared with.
  static func change(from old: Int64, to new: Int64) -> String {
    guard old > 0 else { return "–" }
    let percent = (Double(new - old) / Double(old) * 100).rounded()
    guard percent != 0 else { return "±0 %" }
    return "\(percent < 0 ? "−" : "+")\(number(Int64(percent.magnitude))) %"
  }
}
