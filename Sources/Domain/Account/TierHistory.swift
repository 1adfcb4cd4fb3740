/// Which tiers an account has had, and so how much detail is kept for it.
package struct TierHistory: Sendable, Equatable {
  /// What it paid for, in order.
  private var paid: [Span] = []
  /// What it was granted beside that, in order.
  private var granted: [Span] = []

  /// A tier from one time to another.
  private struct Span: Sendable, Equatable {
    /// Nil where none was granted.
    var tier: Tier?
    var until = Instant.distantFuture
  }

  /// How long after a downgrade the longer tier's detail is still kept.
  package static let noticeDays: Int64 = 7

  /// Of an account that has none yet.
  package init() {}

  /// Takes an event of the account's stream in. Most say nothing of tiers.
  package mutating func evolve(_ event: Account.Event, at time: Instant) {
    switch event {
    case .opened(let opened): Self.begin(Span(tier: opened.tier), at: time, in: &paid)
    case .tierChanged(let changed): Self.begin(Span(tier: changed.tier), at: time, in: &paid)
    case .granted(let grant):
      Self.begin(Span(tier: grant.tier, until: grant.until ?? .distantFuture), at: time, in: &granted)
    default: break
    }
  }

  /// Ends what went before.
  private static func begin(_ span: Span, at time: Instant, in spans: inout [Span]) {
    if let last = spans.indices.last { spans[last].until = min(spans[last].until, time) }
    spans.append(span)
  }

  /// The tier whose days of detail are kept at a time: that with the most among those in force since the notice began. So a
  /// downgrade is followed after a week, and one that is taken back within it leaves no trace. Nil before the first. What has
  /// happened counts even where a clock that is behind has not come to it.
  package func keeping(at now: Instant) -> Tier? {
    let notice = now - .days(Self.noticeDays)
    return (paid + granted).filter { $0.until > notice }.compactMap(\.tier).max { $0.detailDays < $1.detailDays }
  }

  /// Where detail begins at a time: so many whole days (UTC) before today's beginning.
  package static func beginning(of days: Int, before now: Instant) -> Instant { now.toDay - .days(Int64(days)) }
}
