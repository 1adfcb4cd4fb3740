package import Domain

extension TierFeature {
  /// For people.
  package var words: String {
    switch self {
    case .mailAlerts: "alerts by mail"
    case .slack: "notices in Slack"
    case .prioritySupport: "priority support"
    }
  }
}
