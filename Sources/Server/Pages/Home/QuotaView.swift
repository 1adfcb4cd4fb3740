import Application
import Domain

/// The quota of an account's month.
struct QuotaView: Sendable {
  let used, quota, remaining, share, refused: String
  /// For the meter.
  let value, maximum, high: String
  let isUsedUp, isNearlyUsedUp, hasRefused: Bool
  /// Why calls are fewer than what is used; nil where they are not.
  let difference: String?
  let pace: Pace?
  let exceededAt: String?
  let tier: String

  struct Pace: Sendable {
    let range, method: String
    let usedUp: String?
  }

  init(_ usage: MonthUsage, _ found: HomeAnswers, tier: Tier) {
    (used, quota) = (Text.number(usage.used), Text.number(usage.quota))
    (remaining, share) = (Text.number(usage.remaining), Text.share(usage.used, of: usage.quota))
    refused = Text.number(usage.refused)
    (value, maximum) = (String(min(usage.used, usage.quota)), String(max(1, usage.quota)))
    high = String(usage.quota / 5 * 4)
    isUsedUp = usage.remaining == 0
    isNearlyUsedUp = !isUsedUp && usage.used >= usage.quota / 5 * 4
    hasRefused = usage.refused > 0
    difference = usage.difference
    let opened = found.uses?.map(\.createdAt).min() ?? found.now
    // By the hour: else nobody's page would be what it was a second ago.
    pace = found.pace.flatMap { MonthPace(usage, $0, opened: opened, now: found.now.toHour) }.map(Pace.init)
    exceededAt = usage.exceededAt.map { LocalCalendar.utc.text(of: $0, .minute) }
    self.tier = TierChoice(tier).name
  }
}

extension QuotaView.Pace {
  fileprivate init(_ pace: MonthPace) {
    range =
      pace.low == pace.high
      ? "about \(Text.number(pace.low))" : "between \(Text.number(pace.low)) and \(Text.number(pace.high))"
    method = pace.method
    usedUp = pace.usedUp.map { LocalCalendar.utc.text(of: $0, .day) }
  }
}

extension MonthUsage {
  /// In what the quota used and the calls that are shown differ; nil where they don't.
  var difference: String? {
    Self.difference(used: used, calls: calls, voided: voided, givenBack: givenBack)
  }

  /// The same of several months together.
  static func difference(used: Int64, calls: Int64, voided: Int64, givenBack: Int64) -> String? {
    guard voided > 0 else { return nil }
    let taken = "\(Text.number(used)) used = \(Text.number(calls)) calls + \(Text.number(voided)) voided"
    return givenBack > 0 ? "\(taken) − \(Text.number(givenBack)) given back" : taken
  }
}
