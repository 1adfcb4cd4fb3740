/// One event of a track request and what became of it when it was read. Its neighbours' faults are not its own.
public struct TrackedEvent: Hashable, Sendable {
  /// What reading an event can come to.
  public enum Outcome: Hashable, Sendable {
    /// To be recorded.
    case valid(TrackedRequest)
    /// Well formed, but too old or too new to be recorded.
    case outsideWindow(TrackedRequest, AcceptanceWindow.Miss)
    /// To be refused; the first fault found, and with it the others.
    case invalid(FieldProblem)
  }

  /// The place in `events`, from 0.
  public let ordinal: Int
  /// What it came to.
  public let outcome: Outcome
  /// The event as it was sent, kept for an invalid event only.
  let raw: [UInt8]

  /// Appends what stands for this event in the digest that tells a retry from another body under the same id: the
  /// canonical encoding, or of an invalid event its bytes as sent.
  ///
  /// Only what was sent decides, never the clock: an event that has left the window since the first try has the same
  /// digest. No event's bytes are the start of another's (bytes as sent end in a line feed, for numbers do not tell
  /// where they end), so that they can be digested one after the other.
  public func appendDigestInput(to output: inout [UInt8]) {
    switch outcome {
    case .valid(let request), .outsideWindow(let request, _): request.encode(into: &output)
    case .invalid:
      output.append(contentsOf: raw)
      output.append(0x0A)
    }
  }

  /// The bytes of `appendDigestInput`.
  public var digestInput: [UInt8] {
    var bytes: [UInt8] = []
    appendDigestInput(to: &bytes)
    return bytes
  }
}

/// What is wrong with one event.
public struct FieldProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// The field, or nil when the event as a whole is at fault.
  public let field: TrackField?
  /// What was sent, at most 64 characters of it, safe to print.
  public let found: String
  /// What would have been accepted.
  public let allowed: String
  /// What is wrong with the event's other fields, which are each told of: who mends one fault should not then meet the next.
  public internal(set) var further: [FieldProblem] = []

  init(field: TrackField?, found: String, allowed: String) {
    self.field = field
    self.found = found
    self.allowed = allowed
  }

  /// Such as `status_code: found 99, allowed is an integer from 100 to 599`.
  public var description: String { "\(field?.rawValue ?? "event"): found \(found), allowed is \(allowed)" }

  /// The JSON pointer (RFC 6901) of the fault in a request of many, such as `/events/3/status_code`.
  public func pointer(ordinal: Int) -> String {
    "/events/\(ordinal)" + (field.map { "/\($0.rawValue)" } ?? "")
  }
}
