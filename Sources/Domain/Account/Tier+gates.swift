/// What a tier may have beside its numbers (``Tier``, ``CallRate``). Asked in one place: ``Tier/has(_:)``.
package enum TierFeature: String, Codable, Sendable, CaseIterable {
  /// Alerts of the quota by mail. That it is used up is told to everybody.
  case mailAlerts = "mail_alerts"
  /// Notices in a channel of Slack.
  case slack
  /// An address and a reference on every page and problem, and a place before others' in the operator's mailbox.
  case prioritySupport = "priority_support"

  /// The lowest tier that has it: what whoever lacks it is told to move to. All above have it, too.
  package var lowestTier: Tier {
    switch self {
    case .mailAlerts: .pro
    case .slack, .prioritySupport: .business
    }
  }
}

extension Tier {
  /// Whether a tier has it.
  package func has(_ feature: TierFeature) -> Bool { self >= feature.lowestTier }
}
