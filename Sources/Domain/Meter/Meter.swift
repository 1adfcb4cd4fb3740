/// An account's month of usage, of live events or of test events: how many were accepted, how many the quota still allows.
///
/// Decided in SQL, not here: only inside the append transaction is the meter's row certain, whatever the number of server
/// processes (`Sources/EventLog/SQL/objects/append/decide.sql`, by the functions of `objects/quota/`). This and ``AccountMeters`` are the
/// same rule as pure values, for readers and for the test that feeds both the same random sequences (`QuotaTests.swift`).
package struct Meter: Sendable, Equatable {
  /// Events accepted this month.
  package private(set) var used: Int
  /// Events the tier allows this month.
  package private(set) var quota: Int
  /// Events turned away because the quota left no room.
  package private(set) var refused: Int
  /// Live events, or test events, whose crossings are told to nobody.
  package let mode: KeyMode
  /// What has been recorded this month, and of which quotas.
  package private(set) var recorded: [QuotaCrossing: Set<Int>] = [:]

  /// A month with nothing used yet.
  package init(quota: Int, mode: KeyMode = .live) {
    self.mode = mode
    used = 0
    refused = 0
    self.quota = quota
  }

  /// What became of some events.
  package struct Decision: Sendable, Equatable {
    /// How many were accepted: always the first ones.
    package var accepted: Int
    /// How many were refused.
    package var refused: Int
    /// What this crossed, for the first time of this quota and month.
    package var crossings: Set<QuotaCrossing>
  }

  /// Takes as many of these events as there is room for. A crossing is of the events accepted: refusing alone crosses nothing.
  package mutating func take(_ events: Int) -> Decision {
    let accepted = min(events, max(0, quota - used))
    used += accepted
    refused += events - accepted
    return Decision(accepted: accepted, refused: events - accepted, crossings: accepted > 0 ? cross() : [])
  }

  /// Events of the month no longer count. They free their places if that gives quota back; a crossing that was recorded stays recorded.
  package mutating func void(_ events: Int, givesBackQuota: Bool) { if givesBackQuota { used -= events } }

  /// Moves this month's quota; what is used stays used. What it has come to of the new one is crossed at once, but only once a month:
  /// up, down and up again crosses nothing twice.
  package mutating func setQuota(_ quota: Int) -> Set<QuotaCrossing> {
    guard quota != self.quota else { return [] }
    self.quota = quota
    return used > 0 ? cross() : []
  }

  private mutating func cross() -> Set<QuotaCrossing> {
    guard mode == .live else { return [] }
    let crossed = QuotaCrossing.allCases.filter {
      used * 100 >= quota * $0.percent && recorded[$0]?.contains(quota) != true
    }
    for crossing in crossed { recorded[crossing, default: []].insert(quota) }
    return Set(crossed)
  }
}
