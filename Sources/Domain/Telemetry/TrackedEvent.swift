/// One event of a track call and what became of it when it was read. Its neighbours' faults are not its own.
package struct TrackedEvent: Hashable, Sendable {
  /// What reading an event can come to.
  package enum Validity: Hashable, Sendable {
    /// To be recorded.
    case valid(TrackedRequest)
    /// Well formed, but too old or too new to be recorded.
    case outsideWindow(TrackedRequest, AcceptanceWindow.Miss)
    /// Never to be recorded; the first fault found, and with it the others.
    case invalid(FieldProblem)
  }

  /// Its number in `events`, from 0: under a batch's id it is known by that.
  package let ordinal: Int
  /// What it came to.
  package let validity: Validity
  /// The event as it was sent, kept for an invalid event only.
  let raw: [UInt8]

  /// Appends what stands for this event in the digest that tells a retry from another body under the same id: the
  /// canonical encoding, or of an invalid event its bytes as sent.
  ///
  /// Only what was sent decides, never the clock: an event that has left the window since the first try has the same
  /// digest. No event's bytes are the start of another's (bytes as sent end in a line feed, for numbers do not tell
  /// where they end), so that they can be digested one after the other.
  package func appendDigestInput(to output: inout [UInt8]) {
    switch validity {
    case .valid(let request), .outsideWindow(let request, _): request.encode(into: &output)
    case .invalid:
      output.append(contentsOf: raw)
      output.append(0x0A)
    }
  }

  /// The bytes of `appendDigestInput`.
  package var digestInput: [UInt8] {
    var bytes: [UInt8] = []
    appendDigestInput(to: &bytes)
    return bytes
  }
}

/// What is wrong with one event.
package struct FieldProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// The field, or nil when the event as a whole is at fault.
  package let field: TrackField?
  /// What was sent, at most 64 characters of it, safe to print.
  package let found: String
  /// What would have been accepted.
  package let allowed: String
  /// What is wrong with the event's other fields, which are each told of: who mends one fault should not then meet the next.
  package internal(set) var further: [FieldProblem] = []

  init(field: TrackField?, found: String, allowed: String) {
    self.field = field
    self.found = found
    self.allowed = allowed
  }

  /// Such as `status_code: found 99, allowed is an integer from 100 to 599`.
  package var description: String { "\(field?.name ?? "event"): found \(found), allowed is \(allowed)" }

  /// The JSON pointer (RFC 6901) of the fault in a call of many, such as `/events/3/status_code`.
  package func pointer(ordinal: Int) -> String {
    "/events/\(ordinal)" + (field.map { "/\($0.name)" } ?? "")
  }
}
