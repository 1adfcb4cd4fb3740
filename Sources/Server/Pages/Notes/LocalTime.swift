import Domain

extension LocalCalendar {
  /// When the clocks show what a field of a form says, such as `2026-11-27T14:02` or `2026-11-27T14:02:05`: the first time, where they
  /// show it twice. Nil for what is no time, and for one that they leave out.
  func time(of text: String) -> Instant? {
    // Seconds where they are said; what a field says has no zone.
    guard let local = Instant(ofEra: "\(text):00Z") ?? Instant(ofEra: "\(text)Z") else { return nil }
    return [local - .days(1), local + .days(1)].lazy.map { local - offset(at: $0) }.first {
      $0 + offset(at: $0) == local
    }
  }

  /// As such a field holds it.
  func field(of instant: Instant) -> String { text(of: instant, .second).replacing(" ", with: "T") }
}
