import Domain

/// What the log says when a month comes near its quota, or has used it up: once for each account, month, share and limit.
extension Notice {
  static let quotas: [Notice] = [
    // Where both are reached at once, that it is used up says it all.
    Notice(
      "quota_threshold", ofType: QuotaCrossing.thresholdReached.rawValue, where: { $0.used < $0.limit },
      to: .members([.owner, .admin], needing: .mailAlerts),
      saying: [.number("percent", \QuotaReached.percent)] + quotaFacts, about: .quota, by: [.mail, .slack]),
    Notice(
      "quota_exceeded", ofType: QuotaCrossing.exceeded.rawValue, to: .members([.owner, .admin]), saying: quotaFacts,
      about: .quota, by: [.mail, .slack]),
  ]

  private static let quotaFacts: [Fact<QuotaReached>] = [
    .account, .accountID, .month, .reset, .number("used", \.used), .number("limit", \.limit),
    .text("advice") { $0.advice },
  ]

  /// Of what the log adds when a quota's share is reached.
  private struct QuotaReached: Decodable {
    let used: Int
    let limit: Int
    let percent: Int

    /// Nobody who has the most that is sold is told to buy more.
    var advice: String {
      Tier.allCases.contains { $0.monthlyQuota > limit }
        ? "A higher tier makes room at once." : "Whoever runs this installation can grant more."
    }
  }
}
