import Application
import Domain

/// What is turned down about where notices go.
extension Problem {
  /// Nil for any other error.
  init?(notices error: any Error) {
    switch error {
    case let lacks as TierLacks:
      self.init(
        .tierLacks, lacks.description,
        members: ["gate": .string(lacks.gate.rawValue), "tier": .string(lacks.tier.rawValue)])
    case let refused as SlackURLRefused:
      self.init(.invalidParameter, refused.description, members: ["field": "url"])
    case let failure as SlackNotTaken: self.init(.slackNotTaken, failure.description)
    case SlackChannel.Failure.noChannel:
      self.init(
        .invalidParameter, "there is no channel yet, or its address can't be read any more: send the url, too",
        members: ["field": "url"])
    case SlackChannel.Failure.noTopic:
      self.init(
        .invalidParameter, "a channel that is told of nothing is none: choose a topic, or remove it",
        members: ["field": "topics"])
    default: return nil
    }
  }
}
