import Domain

extension AppendUnit {
  /// That a key read, as an event.
  init(_ use: KeyUses.Use) {
    var control = JSONBytes()
    control.string("account_id", use.source.accountID)
    control.number("given", 1)
    self.control = control.bytes
    var data = JSONBytes()
    data.number("used_at", use.usedAt.milliseconds)
    var unit = JSONBytes()
    unit.kind(.keyUsed)
    unit.members(use.source.json)
    unit.array("data", elements: data.object())
    body = .whole(unit.object())
    count = 1
    identity = nil
    intake = nil
    account = use.source.accountID
  }
}
