/// What is recorded when a month's live events come near its quota, or use it up: the type of the event that says so.
package enum QuotaCrossing: String, Sendable, CaseIterable {
  case thresholdReached = "quota_threshold_reached"
  case exceeded = "quota_exceeded"

  /// The share of the quota, in percent, at which it is recorded. The same in SQL: `log.quota_percent()`.
  package var percent: Int {
    switch self {
    case .thresholdReached: 80
    case .exceeded: 100
    }
  }
}
