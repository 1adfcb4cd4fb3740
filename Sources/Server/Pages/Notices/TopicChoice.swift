import Domain

/// A topic to be ticked.
struct TopicChoice: Sendable {
  let word, name: String
  let isChosen: Bool

  init(_ topic: NoticeTopic, isChosen: Bool) {
    word = topic.rawValue
    self.isChosen = isChosen
    name =
      switch topic {
      case .quota: "The quota comes near its end, or is used up"
      case .payments: "Payments and subscriptions"
      case .keys: "Keys that are rotated or revoked"
      case .members: "Members who join, leave, or get another role"
      case .channels: "A channel of Slack that takes no more notices"
      }
  }
}

extension Form {
  /// The topics that were ticked.
  var topics: Set<NoticeTopic> { Set(NoticeTopic.allCases.filter { has("topic-\($0.rawValue)") }) }
}
