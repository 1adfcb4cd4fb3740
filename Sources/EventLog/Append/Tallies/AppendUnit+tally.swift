import Domain

extension AppendUnit {
  /// What was not accepted of a key's month since the last time, as an event.
  init(_ counts: IntakeTallies.Counts, of month: IntakeTallies.KeyMonth) {
    var control = JSONBytes()
    control.string("account_id", month.source.accountID)
    control.number("given", 1)
    control.bool("tally", true)
    self.control = control.bytes
    var data = JSONBytes()
    data.number("duplicates", counts.duplicates)
    data.number("refused", counts.refused)
    data.number("invalid", counts.invalid)
    data.number("malformed", counts.malformed)
    data.number("outside_window", counts.outsideWindow)
    data.number("id_conflicts", counts.idConflicts)
    data.number("throttled", counts.throttled)
    var unit = JSONBytes()
    unit.kind(.intakeTallied)
    unit.members(month.source.json)
    unit.string("month", month.month)
    unit.array("data", elements: data.object())
    body = .whole(unit.object())
    count = 1
    identity = nil
    intake = nil
    account = month.source.accountID
  }
}
