import Application

/// How it is shown why events were not accepted.
enum IntakeShapes {
  static let refusal = Shape<ReasonCount<RefusalReason>>([
    .word("reason", "quota: the month's quota left no room. A call whose key does not work is turned away unread.") {
      $0.reason
    }, .integer("events") { $0.events },
  ])

  static let invalidity = Shape<ReasonCount<InvalidReason>>([
    .word(
      "reason",
      """
      malformed: something was missing, or not what it must be. outside_window: the timestamp was too old, or too far ahead. id_conflict: \
      the id was known with another body. unknown: counted by an older release, which did not say.
      """
    ) { $0.reason }, .integer("events") { $0.events },
  ])
}
