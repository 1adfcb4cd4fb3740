/// An account's month of usage, of live events or of test events: how many were accepted, how many the quota still allows.
///
/// Decided in SQL, not here: only inside the append transaction is the meter's row certain, whatever the number of server
/// processes (`Sources/EventLog/SQL/220_decide.sql`). This is the same rule as a pure value, for readers and for the test that
/// feeds both the same random sequences.
public struct Meter: Sendable, Equatable {
  /// Events accepted this month.
  public private(set) var used: Int
  /// Events the tier allows this month.
  public private(set) var quota: Int
  /// Events turned away because the quota left no room.
  public private(set) var refused: Int
  /// Live events, or test events, whose crossings are told to nobody.
  public let mode: KeyMode
  /// Whether `quota_threshold_reached` has been recorded this month.
  public private(set) var thresholdReached = false
  /// Whether `quota_exceeded` has been recorded this month.
  public private(set) var exceeded = false

  /// The share of the quota, in percent, at which the account is warned.
  public static let thresholdPercent = 80

  /// A month with nothing used yet.
  public init(quota: Int, mode: KeyMode = .live) {
    self.mode = mode
    used = 0
    refused = 0
    self.quota = quota
  }

  /// What became of some events.
  public struct Decision: Sendable, Equatable {
    /// How many were accepted: always the first ones.
    public var accepted: Int
    /// How many were refused.
    public var refused: Int
    /// Whether this crossed `thresholdPercent`, for the first time this month.
    public var reachesThreshold: Bool
    /// Whether this used the quota up, for the first time this month.
    public var exceeds: Bool
  }

  /// Takes as many of these events as there is room for. A crossing is of the events accepted: refusing alone crosses nothing.
  public mutating func take(_ events: Int) -> Decision {
    let accepted = min(events, max(0, quota - used))
    used += accepted
    refused += events - accepted
    let isTold = mode == .live && accepted > 0
    let reaches = isTold && !thresholdReached && used * 100 >= quota * Self.thresholdPercent
    let exceeds = isTold && !exceeded && used >= quota
    thresholdReached = thresholdReached || reaches
    exceeded = exceeded || exceeds
    return Decision(accepted: accepted, refused: events - accepted, reachesThreshold: reaches, exceeds: exceeds)
  }

  /// Events of the month no longer count. They free their places if that gives quota back; a crossing that was recorded stays recorded.
  public mutating func void(_ events: Int, givesBackQuota: Bool) { if givesBackQuota { used -= events } }

  /// A change of tier moves this month's quota; what is used stays used, and no crossing is announced twice a month.
  public mutating func setQuota(_ quota: Int) { self.quota = quota }
}
