import Domain
import EventLog

/// A span that somebody wants to void, as a form or an address has it: times of the clocks of whoever looks, or of UTC with a `Z`.
struct SoughtVoid: Sendable {
  let from, to: String
  let mode: KeyMode

  init(_ call: PageCall) {
    (from, to) = (call.parameter("from") ?? "", call.parameter("to") ?? "")
    mode = call.parameter("mode") == KeyMode.test.rawValue ? .test : .live
  }

  init(_ form: Form) {
    (from, to) = (form["from"], form["to"])
    mode = form["mode"] == KeyMode.test.rawValue ? .test : .live
  }

  /// Nobody has chosen one yet.
  var isEmpty: Bool { from.isEmpty && to.isEmpty }

  /// Throws ``Complaint``.
  func span(in calendar: LocalCalendar) throws -> Voiding.Span {
    guard let from = calendar.time(ofField: from), let to = calendar.time(ofField: to) else {
      throw Complaint("from", "This takes two times such as 2026-11-27 14:00.")
    }
    guard from < to else { throw Complaint("from", "This takes a time before the other.") }
    return Voiding.Span(mode: mode, from: from, to: to)
  }
}

extension LocalCalendar {
  /// When the clocks show what a field for day and time holds, `2026-11-27T14:00`, the second time where they show it twice; or the time that a text
  /// in UTC names.
  func time(ofField text: String) -> Instant? {
    if let time = Instant(ofEra: text) { return time }
    let whole = text.utf8.count == 16 ? text + ":00" : text
    guard let shown = Instant(ofEra: whole + "Z") else { return nil }
    return shown - offset(at: shown - offset(at: shown))
  }

  /// As such a field holds a time.
  func field(of time: Instant) -> String { text(of: time, .minute).replacing(" ", with: "T") }
}
