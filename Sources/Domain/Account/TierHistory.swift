/// Which tiers an account has had, and so how much detail is kept for it.
public struct TierHistory: Sendable, Equatable {
  /// A tier and when it began, in milliseconds since 1970, in that order.
  public private(set) var changes: [Change] = []

  /// The beginning of a tier.
  public struct Change: Sendable, Equatable {
    /// The tier.
    public var tier: Tier
    /// Milliseconds since 1970.
    public var since: Int64
  }

  /// A day, in milliseconds.
  public static let day: Int64 = 86_400_000
  /// How long after a downgrade the longer tier's detail is still kept.
  public static let noticeDays: Int64 = 7

  /// Of an account that has none yet.
  public init() {}

  /// Takes an event of the account's stream in. Most say nothing of tiers.
  public mutating func evolve(_ event: Account.Event, at time: Int64) {
    switch event {
    case .opened(let opened): changes.append(Change(tier: opened.tier, since: time))
    case .tierChanged(let changed): changes.append(Change(tier: changed.tier, since: time))
    default: break
    }
  }

  /// The tier whose days of detail are kept at a time: that with the most among those in force since the notice began. So a
  /// downgrade is followed after a week, and one that is taken back within it leaves no trace. Nil before the first. What has
  /// happened counts even where a clock that is behind has not come to it.
  public func keeping(at now: Int64) -> Tier? {
    let notice = now - Self.noticeDays * Self.day
    let ends = changes.dropFirst().map(\.since) + [Int64.max]
    return zip(changes, ends).filter { $1 > notice }.map(\.0.tier)
      .max { $0.detailDays < $1.detailDays }
  }

  /// Where detail begins at a time: so many whole days (UTC) before today's beginning.
  public static func beginning(of days: Int, before now: Int64) -> Int64 {
    (now / day - Int64(days)) * day
  }
}
