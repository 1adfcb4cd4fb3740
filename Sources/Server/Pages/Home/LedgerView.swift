import Application

/// What became of everything that was sent.
struct LedgerView: Sendable {
  let received, accepted, duplicates, refused, invalid: String
  let reasons: [FirstEventView.Reason]
  let hasReasons: Bool
  /// Calls that came too fast, beside the equation; nil where none did.
  let throttled: String?

  init(_ counts: IntakeCounts) {
    (received, accepted) = (Text.number(counts.received), Text.number(counts.accepted))
    (duplicates, refused) = (Text.number(counts.duplicates), Text.number(counts.refused))
    invalid = Text.number(counts.invalid)
    reasons =
      counts.refusedReasons.map { FirstEventView.Reason(text: $0.reason.text, events: Text.number($0.events)) }
      + counts.invalidReasons.map { FirstEventView.Reason(text: $0.reason.text, events: Text.number($0.events)) }
    hasReasons = !reasons.isEmpty
    throttled = counts.throttled > 0 ? Text.number(counts.throttled) : nil
  }
}
