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
