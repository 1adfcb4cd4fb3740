import Domain

/// Times in fields of forms.
extension LocalCalendar {
  /// When the clocks show what a field for day and time holds, such as `2026-11-27T14:02` or `2026-11-27T14:02:05`: the first time, where they show
  /// it twice; or the time that a text in UTC names. Nil for what is no time, and for one that they leave out.
  func time(ofField text: String) -> Instant? {
    if let time = Instant(ofEra: text) { return time }
    // Seconds where they are said; what a field says has no zone.
    guard let local = Instant(ofEra: "\(text):00Z") ?? Instant(ofEra: "\(text)Z") else { return nil }
    return [local - .days(1), local + .days(1)].lazy.map { local - offset(at: $0) }.first {
      $0 + offset(at: $0) == local
    }
  }

  /// As such a field holds it.
  func field(of instant: Instant, _ grain: Grain = .minute) -> String {
    text(of: instant, grain).replacing(" ", with: "T")
  }
}
