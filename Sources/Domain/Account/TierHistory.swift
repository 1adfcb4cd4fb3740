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
    /// How long its detail is kept after that.
    var noticeDays = TierHistory.noticeDays
  }

  /// How long after a downgrade the longer tier's detail is still kept.
  package static let noticeDays: Int64 = 7
  /// The same after an end for want of payment: a payment that is a week late still finds it.
  package static let unpaidNoticeDays: Int64 = 30

  /// Of an account that has none yet.
  package init() {}

  /// Takes an event of the account's stream in. Most say nothing of tiers.
  package mutating func evolve(_ event: Account.Event, at time: Instant) {
    switch event {
    case .opened(let opened): Self.begin(Span(tier: opened.tier), at: time, in: &paid)
    case .tierChanged(let changed):
      let notice = changed.cause.countsAtOnce ? Self.unpaidNoticeDays : Self.noticeDays
      Self.begin(Span(tier: changed.tier), at: time, in: &paid, noticeDays: notice)
    case .granted(let grant):
      Self.begin(Span(tier: grant.tier, until: grant.until ?? .distantFuture), at: time, in: &granted)
    default: break
    }
  }

  /// Ends what went before.
  private static func begin(_ span: Span, at time: Instant, in spans: inout [Span], noticeDays: Int64 = noticeDays) {
    if let last = spans.indices.last, time < spans[last].until {
      (spans[last].until, spans[last].noticeDays) = (time, noticeDays)
    }
    spans.append(span)
  }

  /// The tier whose days of detail are kept at a time: that with the most among those in force since the notice of each began. So a
  /// downgrade is followed after a week, or a month, and one that is taken back within it leaves no trace. Nil before the first. What has
  /// happened counts even where a clock that is behind has not come to it.
  package func keeping(at now: Instant) -> Tier? {
    (paid + granted).filter { $0.until > now - .days($0.noticeDays) }.compactMap(\.tier)
      .max { $0.detailDays < $1.detailDays }
  }

  /// Where detail begins at a time: so many whole days (UTC) before today's beginning.
  package static func beginning(of days: Int, before now: Instant) -> Instant { now.toDay - .days(Int64(days)) }
}
