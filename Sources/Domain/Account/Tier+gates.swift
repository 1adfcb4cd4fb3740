extension Tier {
  /// What some tiers have and others lack, beside their numbers.
  package enum Gate: String, Codable, Sendable, CaseIterable {
    /// Mails that say so before a quota is used up.
    case mailAlerts = "mail_alerts"
    /// Notices in a channel of Slack.
    case slack
    /// A reference that is answered first.
    case prioritySupport = "priority_support"
  }

  /// Whether it has that.
  package func has(_ gate: Gate) -> Bool { self >= Tier.lowest(with: gate) }

  /// The cheapest that has it.
  package static func lowest(with gate: Gate) -> Tier {
    switch gate {
    case .mailAlerts: .pro
    case .slack, .prioritySupport: .business
    }
  }
}
